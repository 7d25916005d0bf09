"""Small whole files, as a scanner makes them."""

import zlib

PDF = (
    b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
    b"trailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
)


def pdf(more: bytes) -> bytes:
    """A PDF with something more in it."""
    return PDF.replace(b"trailer", more + b"\ntrailer")


def packed(objects: bytes, *, entry: bytes = b"/ObjStm", spoil: bytes = b"") -> bytes:
    """A PDF with an object stream, in which objects lie compressed."""
    head = b"3 0 obj\n<< /Type " + entry + b" /Filter /FlateDecode >>\nstream\n"
    return pdf(head + spoil + zlib.compress(objects) + b"\nendstream\nendobj")


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", b"\0\0\0\1\0\0\0\1\x08\0\0\0\0")
    + chunk(b"IDAT", zlib.compress(b"\0\0"))
    + chunk(b"IEND", b"")
)

JPEG = b"\xff\xd8\xff\xe0\x00\x04JF\xff\xda\x00\x04\x01\x00picture\xff\xd9"
