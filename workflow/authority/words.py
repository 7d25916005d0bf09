"""Cells of a table as officers write them: 500万円, 重要・異例, 回議:own:section_chief."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import override

from workflow.authority.resolve import Place
from workflow.authority.states import Flag, Retention, Scope, StepRole

ROLES = (StepRole.LINE, StepRole.CONCURRENCE, StepRole.DECIDER, StepRole.INFORMED)
SHORT = {"先例": Flag.PRECEDENT, "紛議": Flag.DISPUTED}

WHO = re.compile(
    r"own:(section_chief|department_director|coordinating_chief|section)"
    r"|(post|body):[\w-]+|section:[\w-]+(:chief)?",
    re.ASCII,
)
MATTER = re.compile(r"[a-z_]+(\.[a-z_]+)*(:[a-z_]+)?")
UNITS = {"億": 10**8, "万": 10**4, "千": 10**3, "": 1}


def plain(value: Any) -> str:
    """Return a cell as text, full-width letters and digits narrowed."""
    return unicodedata.normalize("NFKC", str("" if value is None else value)).strip()


def prose(value: Any) -> str:
    """Return a text as it is written."""
    return str("" if value is None else value).strip()


def yen(value: Any) -> int | None:
    """Return an amount written as 5000000, 5,000,000円, 500万 or 1億2千万; None for an empty one.

    raises  ValueError
    """
    if not (text := plain(value)):
        return None
    text = text.removesuffix("円").replace(",", "").replace("千万", "000万")
    if not text or not re.fullmatch(r"(\d+億)?(\d+万)?(\d+千)?(\d+)?", text, re.ASCII):
        raise ValueError(text)
    return sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)([億万千]?)", text))


def yen_told(amount: int) -> str:
    """500万円, 1億2,000万円, 1,234,567円: the shortest exact way."""
    if amount == 0 or amount % 10**4:
        return f"{amount:,}円"
    high, low = divmod(amount // 10**4, 10**4)
    return (f"{high:,}億" if high else "") + (f"{low:,}万" if low else "") + "円"


def flags(value: Any) -> list[str]:
    """raises  ValueError with the word that is no flag"""
    known = _japanese(Flag) | SHORT
    return [_one_of(word, known, Flag.values) for word in _listed(value)]


def scope(value: Any) -> str:
    known = _japanese(Scope)
    return _one_of(plain(value), known, Scope.values) if plain(value) else ""


def retention(value: Any) -> str:
    known = _japanese(Retention)
    return _one_of(plain(value), known, Retention.values) if plain(value) else ""


def role(value: Any) -> str:
    known = _japanese(StepRole)
    return _one_of(plain(value), known, list(ROLES))


def places(value: Any) -> list[dict[str, Any]]:
    """Return the steps of a cell, 回議:own:section_chief → 合議:body:kanjikai*2; a list stays."""
    if isinstance(value, list):
        return value
    parts = [part.strip() for part in re.split(r"→|>|\n", plain(value))]
    return [_step(part) for part in parts if part]


def _step(text: str) -> dict[str, Any]:
    role_, _colon, who = text.partition(":")
    who, _star, needed = who.partition("*")
    return {"role": role_, "who": who.strip(), "needed": needed.strip() or 0}


def place(given: Any) -> Place:
    """raises  ValueError (role, who or needed, and what was written)"""
    if not isinstance(given, dict):
        raise ValueError("role", given)
    try:
        found = role(given.get("role"))
    except ValueError:
        raise ValueError("role", given.get("role") or "") from None
    who = plain(given.get("who"))
    if not WHO.fullmatch(who):
        raise ValueError("who", who)
    needed = plain(given.get("needed") or 0)
    if not re.fullmatch(r"\d{1,3}", needed, re.ASCII):
        raise ValueError("needed", needed)
    return Place(found, who, int(needed))


def _listed(value: Any) -> Iterable[str]:
    if isinstance(value, list):
        return [plain(item) for item in value]
    return [word for word in re.split(r"[・、,\s]+", plain(value)) if word]


def _japanese(choices: Any) -> dict[str, Any]:
    """A file is in Japanese, whatever the language of who reads it in."""
    with override(settings.LANGUAGE_CODE):
        return {str(label): code for code, label in choices.choices}


def _one_of(word: str, known: dict[str, Any], codes: list[Any]) -> str:
    if word in codes:
        return word
    if word in known and known[word] in codes:
        return str(known[word])
    raise ValueError(word)
