"""How people write numbers, years, sections and marks in a plan's tables. Pure."""

import re
import unicodedata

from workflow.deadline.era import fiscal_year, parse_date, parse_fiscal_year

Path = tuple[int, ...]

_PATH = re.compile(r"([0-9]{1,3})(?:-([0-9]{1,3})(?:-(?:\(([0-9]{1,3})\)|([0-9]{1,3})))?)?")
_YEAR = re.compile(r"(?P<year>[0-9]{4}|(?:令和|平成|[RH])(?:元|[0-9]{1,2}))年?度?(?:\(.*\))?")
_DASHES = str.maketrans("‐‑‒–—―−ー－", "---------")
_BETWEEN = re.compile(r"[~～〜]|から|-(?=[0-9]{4}年?度?$|[RH令平])")
_ERA = re.compile(r"(令和|平成|[RH])(?:元|[0-9]+)年?度?~([0-9]{1,2}年?度?)")
_RELISTED = re.compile(r"\s*[【\[［(（]\s*再掲\s*[】\]］)）]$")
_SEPARATORS = re.compile(r"[、，,;；\s]+|ほか")


def path_of(text: str) -> Path | None:
    """Read 1, 1-2, 1-2-(3), 1-2-3, in any width and with any dash; None when it is no number."""
    plain = "".join(unicodedata.normalize("NFKC", text).translate(_DASHES).split())
    found = _PATH.fullmatch(plain)
    return tuple(int(part) for part in found.groups() if part) if found else None


def year_of(text: str) -> int | None:
    """Read 2021, 2021年度, R3, 令和3年度(2021年度), 2021-04-01 as a fiscal year."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    found = _YEAR.fullmatch(plain)
    try:
        return parse_fiscal_year(found["year"]) if found else fiscal_year(parse_date(plain))
    except ValueError:
        return None


def years_of(text: str) -> tuple[int, int] | None:
    """Read one year, or two with a wave dash between: R3～R5, 令和3～5年度."""
    if year := year_of(text):
        return year, year
    plain = "".join(unicodedata.normalize("NFKC", text).split()).upper().removesuffix("まで")
    joined = "~".join(_BETWEEN.split(plain))
    if found := _ERA.fullmatch(joined):
        joined = joined.replace("~", f"~{found[1]}")
    match [year_of(part) for part in joined.split("~")]:
        case [int(first), int(last)]:
            return first, last
    return None


def is_yes(text: str) -> bool | None:
    """Read a mark such as ○; None when it says neither yes nor no."""
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    if plain in ("", "×", "✕", "X", "-", "FALSE", "0", "いいえ"):
        return False
    return (
        True if plain in ("○", "〇", "◯", "O", "✓", "TRUE", "1", "はい", "累計", "累積") else None
    )


def name_of(text: str) -> tuple[str, bool]:
    """Return a name without 【再掲】, and whether it had it."""
    bare = _RELISTED.sub("", text.strip())
    return bare, bare != text.strip()


def section_names(text: str) -> list[str]:
    """Return the names in a cell, in order: 総合政策課ほか各会議主管課等 has two."""
    return [name for name in _SEPARATORS.split(text) if name]


def is_class(name: str) -> bool:
    """Whether a name is one of a class of sections: 各施設所管課等, 番号利用事務の各課等."""
    return "各" in name


def plain(text: str) -> str:
    """Return a text as it is compared: in one width, without spaces and kinds of dashes."""
    folded = unicodedata.normalize("NFKC", text).translate(
        str.maketrans("〜～‐‑‒–—―−", "~~-------")
    )
    return "".join(folded.split()).casefold()
