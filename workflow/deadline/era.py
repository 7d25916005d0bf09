"""How an office writes and reads its days: 元号, 年度, 曜日. Pure: no clock, no Django."""

import re
import unicodedata
from calendar import monthrange
from datetime import date, timedelta

FIRST_YEAR, LAST_YEAR = 1873, 2099
"""Years that a typed date may have. Meiji 6 (1873) is the first Gregorian year of Japan."""

_ERAS = [  # newest first
    ("令和", "R", date(2019, 5, 1)),
    ("平成", "H", date(1989, 1, 8)),
    ("昭和", "S", date(1926, 12, 25)),
    ("大正", "T", date(1912, 7, 30)),
    ("明治", "M", date(1868, 10, 23)),
]
_WEEKDAYS = "月火水木金土日"

_YEAR = (
    r"(?:(?P<year>[0-9]{4})|(?P<era>令和|平成|昭和|大正|明治|[RHSTM])(?P<era_year>元|[0-9]{1,2}))"
)
_MONTH = r"(?:年|[-/.])(?P<month>[0-9]{1,2})"
_DAY = r"(?:月|[-/.])(?P<day>[0-9]{1,2})日?(?:\((?P<weekday>[月火水木金土日])(?:曜日?)?\))?"
_COMPACT = r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})"
_DATES = [re.compile(_YEAR + _MONTH + _DAY), re.compile(_COMPACT + r"(?P<day>[0-9]{2})")]
_MONTHS = [re.compile(_YEAR + _MONTH + "月?"), re.compile(_COMPACT)]
_FISCAL_YEARS = [re.compile(_YEAR + "(?:年度?)?")]
_DASHES = str.maketrans("‐‑‒–—―−ー", "--------")


def weekday_ja(day: date) -> str:
    return _WEEKDAYS[day.weekday()]


def era_date(day: date) -> str:
    """令和8年12月4日(金). ValueError before 1873, as in all of these."""
    return f"{_era_day(day)}({weekday_ja(day)})"


def era_month(day: date) -> str:
    """令和3年4月."""
    name, _, year = _era(day)
    return f"{name}{_gannen(year)}年{day.month}月"


def era_period(first: date, last: date, *, month: bool = False) -> str:
    """令和8年12月21日(月)～令和9年1月8日(金), 令和3年4月～5月; the same year is said once."""
    write = era_month if month else era_date
    begins, ends = write(first), write(last)
    year = begins.partition("年")[0] + "年"
    return begins if begins == ends else f"{begins}～{ends.removeprefix(year)}"


def read_period(text: str) -> tuple[date, date, bool]:
    """Read 2026-12-21～2027-01-08, or of months 2021-04～2021-05; the last says whether months.

    raises   ValueError
    """
    first, _, last = text.partition("～")
    if len(first) == len("2021-04"):
        return parse_month(first), parse_month(last), True
    return date.fromisoformat(first), date.fromisoformat(last), False


def era_short(day: date) -> str:
    """R8.12.4."""
    _, letter, year = _era(day)
    return f"{letter}{year}.{day.month}.{day.day}"


def fiscal_year(day: date) -> int:
    """Return the year (年度) of `day`: 1 April to 31 March, named by its April."""
    return day.year - (day.month < 4)


def fiscal_year_days(year: int) -> tuple[date, date]:
    """Return the first and the last day of a fiscal year, both in it."""
    return date(year, 4, 1), date(year + 1, 3, 31)


def fiscal_year_label(year: int) -> str:
    """令和8年度.

    Named by the era of 1 May, not of 1 April: 2019 as a whole is 令和元年度
    (新元号への円滑な移行に向けた関係省庁連絡会議申合せ, 2019-04-01).
    """
    name, _, era_year = _era(date(year, 5, 1))
    return f"{name}{_gannen(era_year)}年度"


def parse_date(text: str) -> date:
    """Read 2026-12-04, 20261204, 2026/12/4, R8.12.4, 令和8年12月4日(金), 令和元年…, in any width.

    raises   ValueError with a sentence for the person who typed it
    """
    found = _match(_DATES, text, "日付として読めません。2026-12-04 や R8.12.4 のように")
    day = _date(text, _western_year(text, found), found["month"], found["day"])
    _check_era(text, found, day, day, _era_day(day))
    if (said := found.get("weekday")) and said != weekday_ja(day):
        raise ValueError(f"「{text}」は{weekday_ja(day)}曜日です。日付か曜日を確かめてください。")
    return day


def parse_month(text: str) -> date:
    """Read 2021-04, 202104, 2021/4, R3.4, 令和3年4月, in any width; the first day of that month.

    raises   ValueError with a sentence for the person who typed it
    """
    found = _match(_MONTHS, text, "年月として読めません。2021-04 や R3.4 のように")
    first = _date(text, _western_year(text, found), found["month"], "1")
    last = first.replace(day=monthrange(first.year, first.month)[1])
    _check_era(text, found, first, last, era_month(first))
    return first


def parse_fiscal_year(text: str) -> int:
    """Read 令和8年度, R8, 2026年度, 2026, in any width, as the year of its April.

    An era names a year when a day from its April to its December lies in it: 2019 is 令和元年度,
    and 平成31年度 in what was written before May; 昭和64年度 never began.

    raises   ValueError with a sentence for the person who typed it
    """
    found = _match(_FISCAL_YEARS, text, "年度として読めません。2026 や 令和8年度 のように")
    year = _western_year(text, found)
    first, last = date(year, 4, 1), date(year, 12, 31)
    _check_era(text, found, first, last, fiscal_year_label(year))
    return year


def _match(patterns: list[re.Pattern[str]], text: str, complaint: str) -> dict[str, str]:
    plain = "".join(unicodedata.normalize("NFKC", text).translate(_DASHES).split()).upper()
    for pattern in patterns:
        if found := pattern.fullmatch(plain):
            return found.groupdict()
    raise ValueError(f"「{text}」は{complaint}入力してください。")


def _western_year(text: str, found: dict[str, str]) -> int:
    year = int(found["year"]) if found["year"] else _year_of_era(found["era"], found["era_year"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"「{text}」の年は{FIRST_YEAR}年から{LAST_YEAR}年までで入力してください。")
    return year


def _year_of_era(era: str, year: str) -> int:
    start = next(start for *names, start in _ERAS if era in names)
    return start.year - 1 + (1 if year == "元" else int(year))


def _date(text: str, year: int, month: str, day: str) -> date:
    try:
        return date(year, int(month), int(day))
    except ValueError as exc:
        raise ValueError(f"「{text}」は暦にありません。年月日を確かめてください。") from exc


def _check_era(text: str, found: dict[str, str], first: date, last: date, right: str) -> None:
    """Refuse 平成31年5月1日 and 令和元年4月30日, telling why and the `right` name."""
    if not (era := found.get("era")) or era in {*_era(first)[:2], *_era(last)[:2]}:
        return
    n = next(n for n, names in enumerate(_ERAS) if era in names)
    name, _, start = _ERAS[n]
    why = f"{_era_day(start)}から"
    if first > start:
        why = f"{_era_day(_ERAS[n - 1][2] - timedelta(days=1))}まで"
    raise ValueError(
        f"「{text}」の元号が合いません。{name}は{why}です。{right}と入力してください。"
    )


def _era_day(day: date) -> str:
    return f"{era_month(day)}{day.day}日"


def _era(day: date) -> tuple[str, str, int]:
    """Return name, letter and year of the era."""
    if day.year < FIRST_YEAR:
        raise ValueError(f"明治6年(1873年)より前の日は元号で表せません({day})。")
    name, letter, start = next(era for era in _ERAS if day >= era[2])
    return name, letter, day.year - start.year + 1


def _gannen(year: int) -> str:
    return "元" if year == 1 else str(year)
