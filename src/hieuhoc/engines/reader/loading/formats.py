"""What a file is, told by its content; and what is not read, with what the person can do instead."""

import re

from hieuhoc.kernel.errors import Invalid

LARGEST = 20_000_000  # bytes

SCAN = "chỉ là ảnh, không có lớp chữ. Hãy xin tệp Word hoặc PDF gốc, hoặc nhận dạng chữ (OCR) trước rồi tải lên."
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"II*\0", b"MM\0*", b"BM", b"RIFF")
_HTML = re.compile(
    rb"(?is)\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|div|p|table|meta)\b"
)
_TAGS = re.compile(rb"(?i)</(?:p|div|table|body|html|h[1-6]|span)>")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def check(content: bytes, name: str) -> None:
    """Raises: Invalid where a file is empty or too large to be read at all."""
    if not content.strip(b"\0 \t\r\n"):
        raise refused(name, "trống, không có nội dung nào.")
    if len(content) > LARGEST:
        raise refused(name, f"lớn hơn {LARGEST // 1_000_000} MB. Hãy bỏ bớt ảnh trong tệp hoặc tách thành nhiều tệp.")


def refused(name: str, why: str) -> Invalid:
    """The error that says why a file is not read."""
    return Invalid(f"Tệp “{name}” {why}", field="file")


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
        raise refused(name, "là tệp RTF. Hãy mở bằng Word, lưu thành .docx rồi tải lên.")
    if content.startswith(_IMAGES) and (b"\0" in content[:4000] or content.startswith(b"\xff\xd8")):
        raise refused(name, SCAN)
    if _HTML.match(_ascii(content[:4000])) or (ending in ("html", "htm") and _TAGS.search(_ascii(content))):
        return "html"
    if ending in ("docx", "pdf"):
        raise refused(name, f"bị hỏng hoặc không phải là tệp .{ending}. Hãy mở và lưu lại rồi tải lên.")
    return "md" if ending in ("md", "markdown") else "txt"


def _office(content: bytes, name: str) -> str:
    if b"word/" in content:
        return "docx"
    if b"xl/workbook" in content:
        raise refused(name, "là bảng tính Excel. Hãy tải lên văn bản Word, PDF hoặc HTML.")
    if b"application/vnd.oasis.opendocument.text" in content:
        raise refused(name, "là tệp OpenDocument. Hãy lưu thành .docx rồi tải lên.")
    raise refused(name, "là tệp nén, không phải văn bản. Hãy giải nén rồi tải lên từng văn bản.")


def _old_office(content: bytes, name: str) -> Invalid:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return refused(name, "được đặt mật khẩu. Hãy mở bằng Word, bỏ mật khẩu rồi tải lên.")
    if "WordDocument".encode("utf-16-le") in content:
        return refused(name, "là tệp Word kiểu cũ (.doc). Hãy mở bằng Word, lưu thành .docx rồi tải lên.")
    return refused(name, "là tệp Office kiểu cũ. Hãy mở và lưu thành .docx rồi tải lên.")


def _ascii(content: bytes) -> bytes:
    """The content with the zero bytes and the mark of UTF-16 left out, so that tags can be found in it."""
    return content.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").replace(b"\0", b"")
