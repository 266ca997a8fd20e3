"""What a file is, told by its content; and what is not read, with what the person can do instead."""

import re

from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.terms import Term

LARGEST = 20_000_000  # bytes

SCAN = Term(
    "Tệp “{name}” chỉ là ảnh, không có lớp chữ. Hãy xin tệp Word hoặc PDF gốc, "
    "hoặc nhận dạng chữ (OCR) trước rồi tải lên."
)
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"II*\0", b"MM\0*", b"BM", b"RIFF")
_HTML = re.compile(
    rb"(?is)\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|div|p|table|meta)\b"
)
_TAGS = re.compile(rb"(?i)</(?:p|div|table|body|html|h[1-6]|span)>")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def check(content: bytes, name: str) -> None:
    """Raises: Invalid where a file is empty or too large to be read at all."""
    if not content.strip(b"\0 \t\r\n"):
        raise Invalid("Tệp “{name}” trống, không có nội dung nào.", field="file", name=name)
    if len(content) > LARGEST:
        raise Invalid(
            "Tệp “{name}” lớn hơn {most} MB. Hãy bỏ bớt ảnh trong tệp hoặc tách thành nhiều tệp.",
            field="file",
            name=name,
            most=LARGEST // 1_000_000,
        )


def recognise(content: bytes, name: str) -> str:
    """The format of a file: "docx", "pdf", "html", "md" or "txt".

    Raises: Invalid for every format that is not read, saying what to do.
    """
    ending = name.lower().rpartition(".")[2]
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(b"PK"):
        return _office(content, name)
    if content.startswith(_OLE):
        raise _old_office(content, name)
    if content.startswith(b"{\\rtf"):
        raise Invalid(
            "Tệp “{name}” là tệp RTF. Hãy mở bằng Word, lưu thành .docx rồi tải lên.", field="file", name=name
        )
    if content.startswith(_IMAGES) and (b"\0" in content[:4000] or content.startswith(b"\xff\xd8")):
        raise Invalid(SCAN, field="file", name=name)
    if _HTML.match(_ascii(content[:4000])) or (ending in ("html", "htm") and _TAGS.search(_ascii(content))):
        return "html"
    if ending in ("docx", "pdf"):
        raise Invalid(
            "Tệp “{name}” bị hỏng hoặc không phải là tệp .{ending}. Hãy mở và lưu lại rồi tải lên.",
            field="file",
            name=name,
            ending=ending,
        )
    return "md" if ending in ("md", "markdown") else "txt"


def _office(content: bytes, name: str) -> str:
    if b"word/" in content:
        return "docx"
    if b"xl/workbook" in content:
        raise Invalid(
            "Tệp “{name}” là bảng tính Excel. Hãy tải lên văn bản Word, PDF hoặc HTML.", field="file", name=name
        )
    if b"application/vnd.oasis.opendocument.text" in content:
        raise Invalid("Tệp “{name}” là tệp OpenDocument. Hãy lưu thành .docx rồi tải lên.", field="file", name=name)
    raise Invalid(
        "Tệp “{name}” là tệp nén, không phải văn bản. Hãy giải nén rồi tải lên từng văn bản.", field="file", name=name
    )


def _old_office(content: bytes, name: str) -> Invalid:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return Invalid(
            "Tệp “{name}” được đặt mật khẩu. Hãy mở bằng Word, bỏ mật khẩu rồi tải lên.", field="file", name=name
        )
    if "WordDocument".encode("utf-16-le") in content:
        return Invalid(
            "Tệp “{name}” là tệp Word kiểu cũ (.doc). Hãy mở bằng Word, lưu thành .docx rồi tải lên.",
            field="file",
            name=name,
        )
    return Invalid(
        "Tệp “{name}” là tệp Office kiểu cũ. Hãy mở và lưu thành .docx rồi tải lên.", field="file", name=name
    )


def _ascii(content: bytes) -> bytes:
    """The content with the zero bytes and the mark of UTF-16 left out, so that tags can be found in it."""
    return content.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").replace(b"\0", b"")
