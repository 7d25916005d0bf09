"""文書番号の表し方と保存満了日. Pure."""

from datetime import date

from workflow.deadline.era import fiscal_year, fiscal_year_label


def number_text(symbol: str, number: int, year: int) -> str:
    """情シ第12号（令和8年度）."""
    return f"{symbol}第{number}号（{fiscal_year_label(year)}）"


def kept_until(decided_on: date, retention: str) -> date | None:
    """Return the last day on which a record is kept (保存満了日).

    The years count from the 1 April after the decision and end with a fiscal year.

    retention  a value of Retention
    returns    None when nothing is said, and for 常用, which ends with its use
    """
    if not retention.isdecimal():
        return None
    return date(fiscal_year(decided_on) + 1 + int(retention), 3, 31)
