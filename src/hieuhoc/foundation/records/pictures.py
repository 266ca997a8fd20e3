"""What a picture tells besides what it shows: a camera writes down where it stood."""

import struct

_EXIF, _XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"
_JPEG, _SCAN = b"\xff\xd8", 0xDA
_GPS = 0x8825
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
"""Bytes of a value of each type of TIFF."""


def without_place(content: bytes) -> bytes:
    """A JPEG picture without the place where it was taken; anything else as it is.

    Which way up it is stays known. What cannot be read of a camera's notes goes as a whole.
    """
    if not content.startswith(_JPEG):
        return content
    kept, at = [_JPEG], 2
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] != _SCAN:
        length = 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        segment = content[at : at + length]
        at += length
        body = segment[4:]
        if body.startswith(_EXIF):
            notes = _blanked(bytearray(body[len(_EXIF) :]))
            segment = segment[:4] + _EXIF + notes if notes is not None else b""
        elif body.startswith(_XMP):
            segment = b""
        kept.append(segment)
    return b"".join(kept) + content[at:]


def _blanked(notes: bytearray) -> bytes | None:
    """The notes of a camera (TIFF) without those of its place; None where they make no sense."""
    order = {b"II": "<", b"MM": ">"}.get(bytes(notes[:2]))
    if order is None:
        return None
    try:
        (first,) = struct.unpack_from(f"{order}I", notes, 4)
        for entry in _entries(notes, order, first):
            tag, _kind, _number, value = struct.unpack_from(f"{order}HHII", notes, entry)
            if tag == _GPS:
                _blank(notes, order, value)
    except struct.error:
        return None
    return bytes(notes)


def _entries(notes: bytearray, order: str, directory: int) -> range:
    (number,) = struct.unpack_from(f"{order}H", notes, directory)
    return range(directory + 2, directory + 2 + 12 * number, 12)


def _blank(notes: bytearray, order: str, directory: int) -> None:
    """Write zeros over every value of a directory, and say that it has none."""
    for entry in _entries(notes, order, directory):
        _tag, kind, number, value = struct.unpack_from(f"{order}HHII", notes, entry)
        size = _SIZES.get(kind, 0) * number
        if 4 < size <= len(notes) - value:
            notes[value : value + size] = bytes(size)
        notes[entry : entry + 12] = bytes(12)
    notes[directory : directory + 2] = bytes(2)
