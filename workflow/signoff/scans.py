"""原本の写し: whether bytes are a whole PDF, PNG or JPEG that does nothing but show. Pure.

Told by the bytes themselves, never by a name. This keeps out what is broken, disguised or active;
it is no virus scanner.
"""

import re
import zlib
from collections.abc import Callable, Iterator
from itertools import islice

LARGEST = 10 * 2**20
"""Bytes of a scan."""

_BROKEN = "ファイルが途中で切れているか、壊れています。もう一度読み取ってください。"
_NAME = re.compile(rb"/([^\s/<>\[\](){}%]+)")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE = {b"JavaScript", b"JS", b"Launch", b"EmbeddedFile", b"EmbeddedFiles", b"RichMedia"}
_UNMISTAKABLE = [name for name in sorted(_ACTIVE) if len(name) > 2]
_INFLATED = 50 * 2**20
"""Bytes that all object streams of a PDF may hold: more is a bomb."""


def media_type_of(body: bytes) -> str:
    """Return application/pdf, image/png or image/jpeg.

    raises  ValueError with a sentence for the person who sent it
    """
    if len(body) > LARGEST:
        raise ValueError("ファイルは10MBまでです。")
    for magic, (media_type, check) in _TYPES.items():
        if body.startswith(magic):
            check(body)
            return media_type
    raise ValueError("ファイルは、PDF、PNG、JPEGのいずれかにしてください。")


def _check_pdf(body: bytes) -> None:
    end = body[-1024:]
    if b"%%EOF" not in end or b"startxref" not in end or b"endobj" not in body:
        raise ValueError(_BROKEN)
    names = set(_names_of(body))
    if b"Encrypt" in names:
        raise ValueError("パスワードなどで保護されたPDFは登録できません。保護を外してください。")
    if names & _ACTIVE or any(b"/" + name in body for name in _UNMISTAKABLE):
        raise ValueError(
            "動作するもの（スクリプト、添付ファイルなど）を含むPDFは登録できません。"
            "画像として読み取ったPDFにしてください。"
        )


def _names_of(body: bytes) -> Iterator[bytes]:
    """Yield the names of all objects, also of those that lie compressed in object streams."""
    left = _INFLATED
    for head, stream in _parts(body):
        yield from map(_unescaped, _NAME.findall(head))
        if b"/ObjStm" in _unescaped(head[-400:]):
            objects = _inflated(stream, left)
            left -= len(objects)
            yield from map(_unescaped, _NAME.findall(objects))


def _parts(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield what stands before each stream, and the stream; at last the rest, and nothing."""
    place = 0
    while (start := body.find(b"stream", place)) >= 0:
        end = body.find(b"endstream", start)
        if end < 0:
            break
        yield body[place:start], body[start + 6 : end].removeprefix(b"\r").removeprefix(b"\n")
        place = end + len(b"endstream")
    yield body[place:], b""


def _inflated(stream: bytes, limit: int) -> bytes:
    try:
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(stream, max(limit, 1))
    except zlib.error as error:
        raise ValueError("このPDFの作り方は読み取れません。別の形で保存してください。") from error
    if unpacker.unconsumed_tail:
        raise ValueError("このPDFは、中身が大きすぎます。別の形で保存してください。")
    return text


def _unescaped(name: bytes) -> bytes:
    """J#61vaScript is JavaScript."""
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), name)


def _check_png(body: bytes) -> None:
    """Walk the chunks, each with its checksum, to an IEND that is the end."""
    place, kinds = 8, []
    while place < len(body):
        length = int.from_bytes(body[place : place + 4])
        kind, end = body[place + 4 : place + 8], place + 12 + length
        if end > len(body) or body[end - 4 : end] != _crc(body[place + 4 : end - 4]):
            raise ValueError(_BROKEN)
        kinds.append(kind)
        place = end
    if kinds[:1] != [b"IHDR"] or kinds[-1] != b"IEND" or b"IDAT" not in kinds:
        raise ValueError(_BROKEN)


def _crc(chunk: bytes) -> bytes:
    return zlib.crc32(chunk).to_bytes(4)


def _check_jpeg(body: bytes) -> None:
    """Walk the segments to the picture (SOS), which ends with the file (EOI)."""
    if not body.endswith(b"\xff\xd9") or b"\xda" not in _segments(body):
        raise ValueError(_BROKEN)


def _segments(body: bytes) -> list[bytes]:
    return list(islice(_walk(body), 1000))


def _walk(body: bytes) -> Iterator[bytes]:
    """Yield the kinds of the segments before the picture, and that of the picture."""
    place = 2
    while place + 4 <= len(body) and body[place] == 0xFF:
        kind = body[place + 1 : place + 2]
        yield kind
        if kind == b"\xda":
            return
        place += 2 + int.from_bytes(body[place + 2 : place + 4])


_TYPES: dict[bytes, tuple[str, Callable[[bytes], None]]] = {
    b"%PDF-": ("application/pdf", _check_pdf),
    b"\x89PNG\r\n\x1a\n": ("image/png", _check_png),
    b"\xff\xd8\xff": ("image/jpeg", _check_jpeg),
}
