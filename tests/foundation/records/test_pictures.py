"""A picture that is kept does not tell where it was taken, and is otherwise the same picture."""

import struct

import pytest

from hieuhoc.foundation.records.pictures import without_place

LATITUDE = struct.pack("<6I", 9, 1, 51, 1, 1234, 100)  # degrees, minutes, seconds: each a fraction
SCAN = b"\xff\xda\x00\x04\x01\x02picture\xff\xd9"


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def exif(order: str = "<") -> bytes:
    """The notes of a camera: which way up (6), and a directory with a latitude."""
    head = {"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(f"{order}I", 8)
    ways = struct.pack(f"{order}HHII", 0x0112, 3, 1, 6 if order == "<" else 6 << 16)
    gps = struct.pack(f"{order}HHII", 0x8825, 4, 1, 8 + 2 + 24 + 4)
    first = struct.pack(f"{order}H", 2) + ways + gps + struct.pack(f"{order}I", 0)
    values = LATITUDE if order == "<" else struct.pack(">6I", *struct.unpack("<6I", LATITUDE))
    entry = struct.pack(f"{order}HHII", 2, 5, 3, 8 + 2 + 24 + 4 + 2 + 12 + 4)
    return b"Exif\0\0" + head + first + struct.pack(f"{order}H", 1) + entry + struct.pack(f"{order}I", 0) + values


@pytest.mark.parametrize("order", ["<", ">"])
def test_the_place_goes_and_which_way_up_stays(order: str) -> None:
    values = struct.pack(f"{order}6I", *struct.unpack("<6I", LATITUDE))
    picture = b"\xff\xd8" + segment(0xE0, b"JFIF\0") + segment(0xE1, exif(order)) + SCAN
    kept = without_place(picture)
    assert values in picture
    assert values not in kept
    assert len(kept) == len(picture)
    assert struct.pack(f"{order}HHI", 0x0112, 3, 1) in kept
    assert kept.endswith(SCAN)


def test_what_else_may_tell_a_place_goes_as_a_whole() -> None:
    told = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<exif:GPSLatitude>9,51N</exif:GPSLatitude>")
    odd = segment(0xE1, b"Exif\0\0II*\0\xff\xff\xff\x7f")
    assert without_place(b"\xff\xd8" + told + odd + SCAN) == b"\xff\xd8" + SCAN


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8", b"\xff\xd8\xff\xe1\xff\xff", b"%PDF-1.7 \xff\xe1", b"\xff\xd8\xff\xd9"]
)
def test_what_is_no_whole_picture_breaks_nothing(content: bytes) -> None:
    assert isinstance(without_place(content), bytes)
    assert without_place(b"%PDF-1.7 \xff\xe1") == b"%PDF-1.7 \xff\xe1"


def test_a_picture_without_notes_is_as_it_was() -> None:
    picture = b"\xff\xd8" + segment(0xE0, b"JFIF\0") + segment(0xDB, b"\x00" * 64) + SCAN
    assert without_place(picture) == picture
