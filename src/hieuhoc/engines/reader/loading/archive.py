"""The zip archive that a Word file is, opened with care: nothing unpacks to more than it may."""

import io
import posixpath
import zipfile
import zlib
from typing import Any

from lxml import etree

from hieuhoc.engines.reader.loading.numbering import attribute, local
from hieuhoc.kernel.errors import Invalid

_LARGEST_PART = 60_000_000  # bytes unpacked; a plan of a thousand pages has about twenty million
_LARGEST_RATIO = 250  # unpacked to packed, looked at above the size below
_SMALL_PART = 2_000_000
_MOST_MEMBERS = 10_000


class Archive:
    """The parts of a .docx file.

    Raises: Invalid for a file that is broken, encrypted, no Word document, or a decompression bomb.
    """

    def __init__(self, content: bytes, name: str) -> None:
        self._name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise self._broken() from error
        self._members = {info.filename: info for info in self._zip.infolist()}
        if len(self._members) > _MOST_MEMBERS:
            raise self._bomb()

    def main_part(self) -> str:
        """The part that holds the text."""
        for relation in self._all("_rels/.rels"):
            if (attribute(relation, "Type") or "").endswith("/officeDocument"):
                return posixpath.normpath((attribute(relation, "Target") or "").lstrip("/"))
        return "word/document.xml"

    def _all(self, part: str) -> list[etree._Element]:
        tree = self.tree(part) if part in self._members else None
        return [element for element in tree if local(element) == "Relationship"] if tree is not None else []

    def tree(self, part: str) -> etree._Element | None:
        """A part as a tree; None where the file does not have it.

        The parser reads no outside entity and keeps its own limits on depth; a document type, which no Word file
        has and every entity bomb needs, is refused.
        """
        content = self._read(part)
        if content is None:
            return None
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
        try:
            root = etree.fromstring(content, parser)
        except etree.XMLSyntaxError as error:
            if getattr(error, "code", 0) == etree.ErrorTypes.ERR_NO_MEMORY:
                raise MemoryError from error
            raise self._broken() from error
        except ValueError as error:
            raise self._broken() from error
        information: Any = root.getroottree().docinfo
        if information.doctype:
            raise self._bomb()
        return root

    def _read(self, part: str) -> bytes | None:
        info = self._members.get(part)
        if info is None:
            return None
        if info.flag_bits & 0x1:
            raise Invalid(
                "Tệp “{name}” được đặt mật khẩu. Hãy mở bằng Word, bỏ mật khẩu rồi tải lại.",
                field="file",
                name=self._name,
            )
        self._check(info.file_size, info.compress_size)
        try:
            with self._zip.open(info) as stream:
                content = stream.read(_LARGEST_PART + 1)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError) as error:
            raise self._broken() from error
        self._check(len(content), info.compress_size)
        return content

    def _check(self, size: int, packed: int) -> None:
        if size > _LARGEST_PART or (size > _SMALL_PART and size > max(packed, 1) * _LARGEST_RATIO):
            raise self._bomb()

    def _broken(self) -> Invalid:
        return Invalid(
            "Tệp “{name}” bị hỏng, không mở được như văn bản Word. Hãy mở bằng Word, lưu lại rồi tải lên.",
            field="file",
            name=self._name,
        )

    def _bomb(self) -> Invalid:
        return Invalid(
            "Tệp “{name}” khi giải nén lớn bất thường nên không được đọc. Hãy lưu lại bằng Word rồi tải lên.",
            field="file",
            name=self._name,
        )
