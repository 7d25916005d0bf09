"""What keeps classes of sections as they stood: a static table, filled by revisions/kinds.py."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple


class Kept(NamedTuple):
    """Something that runs and does not follow. classes: name → codes of its sections of then."""

    title: str
    classes: Mapping[str, Sequence[str]]


_keepers: list[Callable[[], Iterable[Kept]]] = []


def register(keeper: Callable[[], Iterable[Kept]]) -> None:
    _keepers.append(keeper)


def kept() -> list[Kept]:
    return [one for keeper in _keepers for one in keeper()]
