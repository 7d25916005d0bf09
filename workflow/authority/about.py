"""区分: what a request says of itself beside its content. Signed together with it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class About:
    """Words and values as they are kept on the record.

    flags       values of Flag
    tier        決裁区分, as its table calls it
    basis       source of the table by which the line was laid (…規程第3条別表第1)
    amount      yen
    retention   a value of Retention; "" when nothing is said
    disclosure  a value of Disclosure; "" when nothing is said
    disclosure_ground  why not everything is open; needed unless it is
    symbol      文書記号; a request without one gets no number
    """

    flags: Sequence[str] = ()
    tier: str = ""
    basis: str = ""
    amount: int | None = None
    retention: str = ""
    disclosure: str = ""
    disclosure_ground: str = ""
    symbol: str = ""

    def facts(self) -> dict[str, object]:
        """Return what is said, for an audit entry or a statement that is signed."""
        said: dict[str, object] = {name: getattr(self, name) for name in _WORDS}
        said |= {"flags": [str(flag) for flag in self.flags], "amount": self.amount}
        return {name: value for name, value in said.items() if value not in ("", [], None)}


_WORDS = ("tier", "basis", "retention", "disclosure", "disclosure_ground", "symbol")

UNSAID = About()
