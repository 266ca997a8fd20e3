"""Keeping the files that people hand in: judged by content, named safely, given back as attachments."""

import hashlib
import io
import struct
import zipfile
from collections.abc import Collection
from pathlib import PurePath
from urllib.parse import quote

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import FileResponse

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.records.models import Attachment
from hieuhoc.kernel.errors import Invalid, Missing

MEGABYTE = 1024 * 1024
EVIDENCE = frozenset({"pdf", "docx", "xlsx", "pptx", "png", "jpg", "webp", "txt", "zip"})

_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "doc": "application/msword",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "html": "text/html",
    "txt": "text/plain",
    "zip": "application/zip",
}
_ZIP = b"PK\x03\x04"
_OFFICE = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
# The endings under which each kind may be given back; any other gets the kind's own behind it, so that words
# named .bat or .hta do not leave the house as a program.
_ENDINGS = {
    "jpg": {"jpg", "jpeg"},
    "html": {"html", "htm"},
    "txt": {"txt", "md", "csv"},
}
MOST_UNPACKED = 500 * MEGABYTE
MOST_MEMBERS = 10_000


def kind_of(content: bytes) -> str:
    """What a file is, by its content alone: "pdf", "docx", "png" …, "txt", or "" when it cannot be told."""
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "webp"
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return "doc"
    if content.startswith(_ZIP):
        return _kind_of_zip(content)
    if b"\0" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ""
    start = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "html" if start.startswith((b"<!doctype html", b"<html", b"<?xml")) else "txt"


def _kind_of_zip(content: bytes) -> str:
    members = _members_of(content)
    names = {member.filename for member in members}
    if not names or "[Content_Types].xml" not in names:
        return "zip" if names else ""
    return next((kind for start, kind in _OFFICE.items() if any(n.startswith(start) for n in names)), "zip")


def _members_of(content: bytes) -> list[zipfile.ZipInfo]:
    """What an archive says that it holds; nothing is unpacked. Empty when it cannot be told."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, struct.error):
        return []


def _check_archive(content: bytes, shown: str) -> None:
    """Raises: Invalid when an archive would swell beyond measure where it is unpacked."""
    members = _members_of(content)
    if sum(member.file_size for member in members) > MOST_UNPACKED or len(members) > MOST_MEMBERS:
        raise Invalid("Tệp nén “{name}” khi giải nén quá lớn. Hãy gửi từng tệp bên trong.", field="file", name=shown)


def safe_name(name: str) -> str:
    """A file's name without path or control characters, at most 120 characters, its ending kept."""
    plain = "".join(c for c in PurePath(name.replace("\\", "/")).name if c.isprintable() and c not in '<>:"|?*')
    stem, ending = plain.rsplit(".", 1) if "." in plain.strip(".") else (plain, "")
    stem = stem.strip(" .")[:110] or "tep"
    return f"{stem}.{ending[:9]}" if ending else stem


def _named_after_content(name: str, kind: str) -> str:
    """The name with an ending that tells what the file is, whatever ending it came with."""
    _stem, dot, ending = name.rpartition(".")
    return name if dot and ending.lower() in _ENDINGS.get(kind, {kind}) else f"{name}.{kind}"


def check(*, content: bytes, name: str, allowed: Collection[str] = EVIDENCE, megabytes: int = 20) -> str:
    """What kind of file it is, when it may be taken in.

    Raises: Invalid (field `file`) when it is empty, too large, or not one of the allowed kinds.
    """
    shown = safe_name(name)
    if not content:
        raise Invalid("Tệp “{name}” rỗng. Hãy chọn lại tệp.", field="file", name=shown)
    if len(content) > megabytes * MEGABYTE:
        raise Invalid(
            "Tệp “{name}” lớn hơn {limit} MB. Hãy giảm dung lượng rồi gửi lại.",
            field="file",
            name=shown,
            limit=megabytes,
        )
    kind = kind_of(content)
    if kind not in allowed:
        listed = ", ".join(f".{one}" for one in sorted(allowed))
        raise Invalid(
            "Nội dung của tệp “{name}” không thuộc loại được nhận. Các loại được nhận: {listed}.",
            field="file",
            name=shown,
            listed=listed,
        )
    if content.startswith(_ZIP):
        _check_archive(content, shown)
    return kind


def keep(*, content: bytes, name: str, allowed: Collection[str] = EVIDENCE, megabytes: int = 20) -> Attachment:
    """Store a file under the digest of its content and return its row.

    Raises: Invalid (field `file`) as `check`.
    """
    kind = check(content=content, name=name, allowed=allowed, megabytes=megabytes)
    digest = hashlib.sha256(content).hexdigest()
    stored_at = f"{digest[:2]}/{digest}"
    if not default_storage.exists(stored_at):
        stored_at = default_storage.save(stored_at, ContentFile(content))
    return Attachment.objects.create(
        name=_named_after_content(safe_name(name), kind),
        kind=kind,
        content_type=_TYPES[kind],
        size=len(content),
        digest=digest,
        stored_at=stored_at,
        kept_at=clock.now(),
    )


def kept(pk: int) -> Attachment:
    """The row of a kept file. Raises: Missing."""
    found = Attachment.objects.filter(pk=pk).first()
    if found is None:
        raise Missing("Không còn tệp này.")
    return found


def content_of(attachment: Attachment) -> bytes:
    """The bytes of a kept file. Raises: Missing when the store has lost it."""
    try:
        with default_storage.open(attachment.stored_at) as stored:
            return bytes(stored.read())
    except FileNotFoundError as error:
        raise Missing("Không còn tìm thấy tệp “{name}” trong kho lưu trữ.", name=attachment.name) from error


def response(attachment: Attachment) -> FileResponse:
    """The file as a download: never shown in the page, never guessed at by the browser."""
    try:
        stored = default_storage.open(attachment.stored_at)
    except FileNotFoundError as error:
        raise Missing("Không còn tìm thấy tệp “{name}” trong kho lưu trữ.", name=attachment.name) from error
    answer = FileResponse(stored, content_type=attachment.content_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(attachment.name)}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
