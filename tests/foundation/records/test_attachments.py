"""Files that people hand in: judged by what is in them, named safely, given back as attachments."""

import io
import struct
import time
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from hieuhoc.foundation.records import attachments
from hieuhoc.foundation.records.models import Attachment
from hieuhoc.kernel.errors import Invalid, Missing

pytestmark = pytest.mark.django_db

PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + b"\x00" * 60
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
JPG = b"\xff\xd8\xff\xe0" + b"\x00" * 20


def archive(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return stream.getvalue()


def office(folder: str) -> bytes:
    return archive(**{"[Content_Types].xml": b"<Types/>", f"{folder}/document.xml": b"<w/>"})


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n...", "pdf"),
        (PNG, "png"),
        (JPG, "jpg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "webp"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", ""),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "doc"),
        (office("word"), "docx"),
        (office("xl"), "xlsx"),
        (office("ppt"), "pptx"),
        (archive(anh=b"x"), "zip"),
        (archive(**{"word/a.xml": b"x"}), "zip"),
        (b"PK\x03\x04 broken", ""),
        (b"<!DOCTYPE html><p>", "html"),
        (b"\xef\xbb\xbf\n  <HTML>", "html"),
        (b"<?xml version='1.0'?><svg onload='x'/>", "html"),
        ("Biên bản họp".encode(), "txt"),
        ("Biên bản họp".encode("utf-16"), "txt"),
        (PROGRAM, ""),
        (b"\x7fELF\x02\x01\x01\x00", ""),
    ],
)
def test_a_file_is_what_its_content_says(content: bytes, kind: str) -> None:
    assert attachments.kind_of(content) == kind


@given(st.binary(max_size=300))
def test_no_content_breaks_the_judgement(content: bytes) -> None:
    assert attachments.kind_of(content) in {"", *attachments.EVIDENCE, "doc", "html"}


@given(st.binary(max_size=200))
def test_no_broken_archive_breaks_the_judgement(rest: bytes) -> None:
    assert attachments.kind_of(b"PK\x03\x04" + rest) in {"", "zip", "docx", "xlsx", "pptx"}


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (PROGRAM, "bien-ban.pdf"),
        (PROGRAM, "anh.jpg"),
        (b"<html><script>alert(1)</script>", "bien-ban.pdf"),
        (b"<!doctype html><p>x", "bien-ban.txt"),
        (b"<?xml version='1.0'?><svg/>", "anh.png"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 20, "bien-ban.docx"),
    ],
)
def test_a_file_of_a_kind_that_is_not_taken_is_refused_whatever_it_is_called(content: bytes, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        attachments.keep(content=content, name=name)
    assert refused.value.field == "file"
    assert name in refused.value.sentence
    assert Attachment.objects.count() == 0


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(Invalid, match="rỗng"):
        attachments.keep(content=b"", name="a.pdf")


def test_a_file_over_the_limit_is_refused_and_one_at_the_limit_is_not() -> None:
    attachments.keep(content=b"a" * attachments.MEGABYTE, name="a.txt", megabytes=1)
    with pytest.raises(Invalid, match="1 MB"):
        attachments.keep(content=b"a" * (attachments.MEGABYTE + 1), name="a.txt", megabytes=1)


def test_an_archive_that_would_swell_is_refused_without_unpacking_it() -> None:
    bomb = archive(**{f"{number}.txt": b"\0" * 60 * attachments.MEGABYTE for number in range(2)})
    # Ten times as large in its own list of members as it was made: no more is ever read of it.
    size = struct.pack("<L", 60 * attachments.MEGABYTE)
    bomb = bomb.replace(size, struct.pack("<L", 600 * attachments.MEGABYTE))
    began = time.process_time()
    with pytest.raises(Invalid, match="giải nén"):
        attachments.keep(content=bomb, name="anh.zip")
    assert time.process_time() - began < 1


def test_an_archive_of_too_many_members_is_refused() -> None:
    with pytest.raises(Invalid, match="giải nén"):
        attachments.keep(
            content=archive(**{str(number): b"" for number in range(attachments.MOST_MEMBERS + 1)}), name="a.zip"
        )


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("bien-ban.txt", "bien-ban.txt"),
        ("Biên bản họp.TXT", "Biên bản họp.TXT"),
        ("C:\\Users\\an\\bien-ban.txt", "bien-ban.txt"),
        ("../../etc/passwd", "passwd.txt"),
        ("chay.bat", "chay.bat.txt"),
        ("chay.hta", "chay.hta.txt"),
        ("bien-ban.pdf", "bien-ban.pdf.txt"),
        ("so-lieu.csv", "so-lieu.csv"),
        ("a\u202egpj.exe", "agpj.exe.txt"),
        ('a"b\r\nSet-Cookie: x.txt', "abSet-Cookie x.txt"),
        ("", "tep.txt"),
        ("...", "tep.txt"),
        (".txt", "txt.txt"),
        ("a" * 300 + ".txt", "a" * 110 + ".txt"),
    ],
)
def test_a_file_is_kept_under_a_safe_name_that_tells_its_kind(given_name: str, kept: str) -> None:
    assert attachments.keep(content=b"Bien ban", name=given_name).name == kept


@given(st.text(max_size=300))
def test_no_name_is_unsafe(name: str) -> None:
    safe = attachments.safe_name(name)
    assert safe
    assert len(safe) <= 120
    assert safe.isprintable()
    assert not set(safe) & set('/\\<>:"|?*')
    assert safe not in {".", ".."}
    assert attachments.safe_name(safe) == safe


def test_a_file_is_stored_under_the_digest_of_its_content_and_the_same_content_once() -> None:
    one = attachments.keep(content=b"Bien ban", name="mot.txt")
    two = attachments.keep(content=b"Bien ban", name="hai.txt")
    other = attachments.keep(content=b"Bien ban khac", name="mot.txt")
    assert one.stored_at == two.stored_at == f"{one.digest[:2]}/{one.digest}"
    assert other.stored_at != one.stored_at
    assert (Path(settings.MEDIA_ROOT) / one.stored_at).read_bytes() == b"Bien ban"
    assert attachments.content_of(two) == b"Bien ban"


def test_a_file_leaves_as_an_attachment_that_no_browser_guesses_at() -> None:
    answer = attachments.response(attachments.keep(content="Biên bản".encode(), name="Biên bản; họp.txt"))
    assert answer["Content-Disposition"] == "attachment; filename*=UTF-8''Bi%C3%AAn%20b%E1%BA%A3n%3B%20h%E1%BB%8Dp.txt"
    assert answer["Content-Type"] == "text/plain"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer.streaming_content) == "Biên bản".encode()  # type: ignore[arg-type]  # not asynchronous


def test_a_file_that_the_store_has_lost_is_missing() -> None:
    kept = attachments.keep(content=b"Se bi mat di", name="a.txt")
    (Path(settings.MEDIA_ROOT) / kept.stored_at).unlink()
    with pytest.raises(Missing):
        attachments.content_of(kept)
    with pytest.raises(Missing):
        attachments.response(kept)
