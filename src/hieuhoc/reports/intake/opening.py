"""A workbook opened with care: what it is, and that nothing in it unpacks to more than it may.

Only the parts that are asked for are unpacked, each as a stream that gives what has been used back.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from lxml import etree

from hieuhoc.kernel.errors import Invalid

LARGEST_FILE = 10_000_000  # bytes as sent
LARGEST_PART = 12_000_000  # bytes unpacked: a form of fifty rows and twenty columns has a hundred thousand
LARGEST_WHOLE = 60_000_000
LARGEST_RATIO = 200  # unpacked to packed, looked at above the size below
SMALL_PART = 1_000_000
MOST_MEMBERS = 1_000
_RELATIONS = "xl/_rels/workbook.xml.rels"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError, KeyError)


@dataclass(frozen=True)
class Cell:
    """A cell as the file has it. `kind`: "number", "text", "truth", "error" or "" for none; `value` as written."""

    kind: str
    value: str
    has_formula: bool


class OpenWorkbook:
    """The sheets of an .xlsx file.

    Raises: Invalid (field `file`) for what is no workbook, is broken, encrypted, holds a macro, or is a bomb.
    """

    def __init__(self, content: bytes, name: str) -> None:
        self.name = name
        if content.startswith(_OLE):
            raise self._locked() if "EncryptedPackage".encode("utf-16-le") in content else self._old()
        if len(content) > LARGEST_FILE:
            raise self._bomb()
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except _BROKEN as error:
            raise self._no_workbook() from error
        self._check_members()
        if "xl/workbook.xml" not in self._members:
            raise self._no_workbook()
        self.sheets = self._sheets()

    def _check_members(self) -> None:
        listed = self._zip.infolist()
        self._members = {member.filename: member for member in listed}
        if len(listed) > MOST_MEMBERS or sum(member.file_size for member in listed) > LARGEST_WHOLE:
            raise self._bomb()
        if len(self._members) != len(listed):
            raise self._no_workbook()
        for member in listed:
            if member.flag_bits & 0x1:
                raise self._locked()
            swells = member.file_size > SMALL_PART and member.file_size > LARGEST_RATIO * max(member.compress_size, 1)
            if member.file_size > LARGEST_PART or swells:
                raise self._bomb()
            if member.filename.lower().endswith(("vbaproject.bin", ".xlm")) or "/macrosheets/" in member.filename:
                raise self._macro()
        if "[Content_Types].xml" in self._members and b"macroEnabled" in self._read("[Content_Types].xml"):
            raise self._macro()

    def _read(self, part: str) -> bytes:
        try:
            return self._zip.read(part)
        except _BROKEN as error:
            raise self._no_workbook() from error

    @contextmanager
    def _stream(self, part: str) -> Iterator[IO[bytes]]:
        try:
            with self._zip.open(part) as stream:
                yield stream
        except (*_BROKEN, etree.XMLSyntaxError) as error:
            raise self._no_workbook() from error

    def _elements(self, part: str, *names: str) -> Iterator[etree._Element]:
        """The elements of some names, each given back to memory when the next is asked for."""
        with self._stream(part) as stream:
            tags = [f"{{*}}{name}" for name in names]
            parser = etree.iterparse(stream, tag=tags, resolve_entities=False, no_network=True, load_dtd=False)
            for count, (_event, element) in enumerate(parser):
                if count == 0 and element.getroottree().docinfo.doctype:
                    raise self._bomb()  # no program writes one, and every entity bomb needs one
                yield element
                element.clear(keep_tail=False)
                while element.getprevious() is not None:
                    del element.getparent()[0]

    def _sheets(self) -> dict[str, str]:
        """The part of each sheet by its name."""
        targets: dict[str, str] = {}
        if _RELATIONS in self._members:
            for element in self._elements(_RELATIONS, "Relationship"):
                target = element.get("Target") or ""
                whole = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
                targets[element.get("Id") or ""] = posixpath.normpath(whole)
        found = {}
        for element in self._elements("xl/workbook.xml", "sheet"):
            relation = next((value for key, value in element.attrib.items() if str(key).endswith("}id")), "")
            part = targets.get(str(relation), "")
            if part in self._members:
                found[element.get("name") or ""] = part
        return found

    def shared_texts(self) -> list[str]:
        """The texts that cells name by number."""
        part = "xl/sharedStrings.xml"
        return [_text(element) for element in self._elements(part, "si")] if part in self._members else []

    def cells(self, sheet: str, texts: list[str]) -> Iterator[tuple[int, int, Cell]]:
        """Every cell of a sheet that holds something, with its row and column counted from 0, as the file goes."""
        for element in self._elements(self.sheets[sheet], "row", "c"):
            if not element.tag.endswith("}c"):
                continue
            try:
                row, column = _position(element.get("r") or "")
                cell = _cell(element, texts)
            except (ValueError, IndexError) as error:
                raise self._no_workbook() from error
            if cell.kind or cell.has_formula:
                yield row, column, cell

    def _locked(self) -> Invalid:
        return Invalid(
            "Tệp “{name}” được đặt mật khẩu. Hãy mở bằng Excel, bỏ mật khẩu, lưu lại rồi tải lên.",
            field="file",
            name=self.name,
        )

    def _old(self) -> Invalid:
        return Invalid(
            "Tệp “{name}” là định dạng Excel cũ (.xls). Hãy lưu lại thành .xlsx rồi tải lên.",
            field="file",
            name=self.name,
        )

    def _macro(self) -> Invalid:
        return Invalid(
            "Tệp “{name}” có macro nên không được nhận. Hãy lưu lại thành .xlsx không có macro.",
            field="file",
            name=self.name,
        )

    def _bomb(self) -> Invalid:
        return Invalid(
            "Tệp “{name}” lớn bất thường nên không được đọc. Hãy điền lại vào mẫu phần mềm xuất ra.",
            field="file",
            name=self.name,
        )

    def _no_workbook(self) -> Invalid:
        return Invalid("Tệp “{name}” không phải là tệp Excel .xlsx, hoặc đã hỏng.", field="file", name=self.name)


def _position(reference: str) -> tuple[int, int]:
    """Row and column from 0. Raises: ValueError for what is no cell.

    Example:
        >>> _position("A1"), _position("AA12")
        ((0, 0), (11, 26))
    """
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise ValueError(reference)
        column = column * 26 + ord(letter) - 64
    row = int(reference[len(letters) :])
    if not letters or column > 16_384 or not 0 < row <= 1_048_576:
        raise ValueError(reference)
    return row - 1, column - 1


def _text(element: etree._Element) -> str:
    """What a string item says, its reading aids for other scripts left out."""
    said = []
    for piece in element.iter("{*}t"):
        above = piece.getparent()
        if above is None or not str(above.tag).endswith("}rPh"):
            said.append(piece.text or "")
    return "".join(said)


_KINDS = {"n": "number", "s": "text", "str": "text", "inlineStr": "text", "b": "truth", "e": "error", "d": "text"}


def _cell(element: etree._Element, texts: list[str]) -> Cell:
    kind, value, has_formula = element.get("t") or "n", "", False
    for part in element:
        name = str(part.tag).rpartition("}")[2]
        if name == "v":
            value = part.text or ""
        elif name == "f":
            has_formula = True
        elif name == "is":
            value = _text(part)
    if kind == "s" and value:
        if not value.isdecimal():
            raise ValueError(value)
        value = texts[int(value)]
    return Cell(_KINDS.get(kind, "text") if value else "", value, has_formula)
