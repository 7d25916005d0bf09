"""What changed between two pages that show what is signed. Pure."""

from html.parser import HTMLParser

from workflow.differences import Pieces

_BLOCKS = frozenset(
    [
        *("address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption"),
        *("figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "ol"),
        *("p", "pre", "section", "table", "tbody", "td", "th", "thead", "tr", "ul"),
    ]
)


def words_of(html: str) -> str:
    """Return the words that a page shows, a line for each block, so that pages can be compared."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.pieces).split("\0"))
    return "\n".join(line for line in lines if line)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in _BLOCKS:
            self.pieces.append("\0")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.pieces.append("\0")

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


_FAR = 3
"""Unchanged lines shown on each side of a change."""


def near(pieces: Pieces, gap: str = "…") -> Pieces:
    """Leave out what is unchanged and far from any change; `gap` stands for it."""
    return [
        (op, _shortened(text, first=n == 0, last=n == len(pieces) - 1, gap=gap))
        if op == "="
        else (op, text)
        for n, (op, text) in enumerate(pieces)
    ]


def _shortened(text: str, *, first: bool, last: bool, gap: str) -> str:
    lines = text.splitlines(keepends=True)
    head = [] if first else lines[:_FAR]
    tail = [] if last else lines[-_FAR:]
    if len(lines) <= len(head) + len(tail) + 1:
        return text
    return "".join([*head, f"{gap}\n", *tail])
