"""Texts for mailers that read ISO-2022-JP alone."""

import re
import unicodedata
from collections.abc import Sequence

from workflow.tables import TO_CP932

JIS = "iso-2022-jp"
UTF8 = "utf-8"

SIGNS = {chr(written): chr(sign) for sign, written in TO_CP932.items()} | {
    "–": "-",
    "—": "―",
    "•": "・",
    **{chr(0x2460 + n): f"({n + 1})" for n in range(20)},
}
"""Signs that JIS X 0208 lacks, as they are written with those that it has."""

HALF_WIDTH = re.compile("[｡-ﾟ]+")
"""Kana with their marks, which are one letter when they are wide."""


def charset_for(texts: Sequence[str], wished: str) -> tuple[str, list[str]]:
    """Return the charset, and the texts as they are written in it.

    wished   "utf-8", or "iso-2022-jp", which is given up where a text can't be written in it: a
             letter of a name is never changed or lost
    """
    if wished == JIS:
        written = [to_jis(text) for text in texts]
        if all(map(_fits, written)):
            return JIS, written
    return UTF8, list(texts)


def to_jis(text: str) -> str:
    """Write signs that JIS X 0208 lacks, and half-width kana, by others; what has none stays."""
    if _fits(text):
        return text
    wide = HALF_WIDTH.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return "".join(map(_sign, wide))


def _sign(sign: str) -> str:
    if _fits(sign):
        return sign
    if sign in SIGNS:
        return SIGNS[sign]
    if unicodedata.name(sign, "").startswith("CJK COMPATIBILITY IDEOGRAPH"):
        return sign
    plain = unicodedata.normalize("NFKC", sign)
    return plain if _fits(plain) else sign


def _fits(text: str) -> bool:
    try:
        text.encode(JIS)
    except UnicodeEncodeError:
        return False
    return True
