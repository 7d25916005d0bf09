"""How a workbook of ours looks."""

from typing import Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

FONT = "BIZ UDPゴシック"
TEXT = "@"
"""The format under which nothing that is typed becomes a number, a day or a formula."""


def _fill(color: str) -> PatternFill:
    return PatternFill("solid", start_color=color, end_color=color)


_LINE = Side("thin", color="FF8C8C8C")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_WRAP = Alignment(wrap_text=True, vertical="top")
_MIDDLE = Alignment(wrap_text=True, vertical="center")
CHANGED = _fill("FFFFD59E")
UNASKED = _fill("FFD9D9D9")

STYLES: dict[str, dict[str, Any]] = {
    "heading": {"font": Font(FONT, 15, bold=True), "alignment": Alignment(vertical="center")},
    "title": {"font": Font(FONT, 12, bold=True), "alignment": Alignment(vertical="bottom")},
    "says": {"font": Font(FONT, 11), "alignment": Alignment(vertical="bottom")},
    "hint": {"font": Font(FONT, 9, color="FF595959"), "alignment": Alignment(vertical="top")},
    "note": {"font": Font(FONT, 9, color="FF595959"), "alignment": Alignment(vertical="bottom")},
    "term": {
        "font": Font(FONT, 11, bold=True),
        "alignment": _WRAP,
        "fill": _fill("FFEDEDED"),
        "border": _BOX,
    },
    "column": {
        "font": Font(FONT, 10, bold=True),
        "alignment": _MIDDLE,
        "fill": _fill("FFD9E3F1"),
        "border": _BOX,
    },
    "present": {"font": Font(FONT, 11), "alignment": _WRAP, "border": _BOX},
    "back": {"font": Font(FONT, 10, color="FF0017C1", underline="single")},
    "link": {
        "font": Font(FONT, 11, color="FF0017C1", underline="single"),
        "alignment": _WRAP,
        "border": _BOX,
    },
    "answer": {
        "font": Font(FONT, 11),
        "alignment": _WRAP,
        "border": _BOX,
        "fill": _fill("FFFFFBDD"),
        "protection": Protection(locked=False),
    },
}
