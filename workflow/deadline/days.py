"""How a screen writes days: as an office does in Japanese, by the common calendar in any other.

What is kept, signed or printed as a paper of the office is written by era.py instead.
"""

from datetime import date

from django.utils.dateformat import format as formatted
from django.utils.translation import get_language

from workflow.deadline import era


def day_words(day: date) -> str:
    """令和8年12月4日(金); Fri 4 Dec 2026."""
    return era.era_date(day) if _in_japanese() else formatted(day, "D j M Y")


def day_short(day: date) -> str:
    """R8.12.4; 2026.12.4."""
    return era.era_short(day) if _in_japanese() else f"{day.year}.{day.month}.{day.day}"


def month_words(day: date) -> str:
    """令和8年12月; Dec 2026."""
    return era.era_month(day) if _in_japanese() else formatted(day, "M Y")


def period_words(first: date, last: date, *, month: bool = False) -> str:
    """令和8年12月21日(月)～令和9年1月8日(金); Mon 21 Dec 2026 – Fri 8 Jan 2027."""
    if _in_japanese():
        return era.era_period(first, last, month=month)
    write = month_words if month else day_words
    return " – ".join(dict.fromkeys([write(first), write(last)]))


def month_name(day: date) -> str:
    """12月; Dec."""
    return f"{day.month}月" if _in_japanese() else formatted(day, "M")


def year_words(day: date) -> str:
    """令和8年; 2026."""
    if _in_japanese():
        return era.era_month(day).rpartition("年")[0] + "年"
    return str(day.year)


def fiscal_year_words(year: int) -> str:
    """令和8年度; FY2026."""
    return era.fiscal_year_label(year) if _in_japanese() else f"FY{year}"


def _in_japanese() -> bool:
    """No language is that of who reads nothing: a worker."""
    return (get_language() or "ja").startswith("ja")
