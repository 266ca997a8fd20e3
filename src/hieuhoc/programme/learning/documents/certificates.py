"""A certificate of completion as a paper: one framed page, with a picture by which anybody checks it."""

from __future__ import annotations

import io
import struct
import zlib

import qrcode  # type: ignore[import-untyped]  # the library has no types
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from hieuhoc.engines.writer import Certificate as Paper
from hieuhoc.engines.writer import Signature, pdf, word
from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.programme.learning.models import Certificate
from hieuhoc.programme.learning.rules.certificates import shown_code

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_DOT = 8  # pixels of each of the squares


def check_address(certificate: Certificate) -> str:
    """The address at which anybody checks a certificate."""
    return settings.PUBLIC_ADDRESS + reverse("learning:certificate-check", args=[certificate.code])


def qr_png(text: str) -> bytes:
    """A text as squares for a camera, black on white, as a PNG picture."""
    code = qrcode.QRCode(border=4)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    lines = bytearray()
    for row in rows:
        line = b"\0" + b"".join((b"\0" if dark else b"\xff") * _DOT for dark in row)
        lines += line * _DOT
    side = len(rows) * _DOT
    out = io.BytesIO(b"")
    out.write(b"\x89PNG\r\n\x1a\n")
    for kind, content in (
        (b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(bytes(lines), 9)),
        (b"IEND", b""),
    ):
        out.write(struct.pack(">I", len(content)) + kind + content)
        out.write(struct.pack(">I", zlib.crc32(kind + content)))
    return out.getvalue()


def paper_of(certificate: Certificate, *, hours: int, signer: str = "") -> Paper:
    """The paper of a certificate, of `hours` hours of sessions, to be signed by the director."""
    row = certificate.enrolment
    activity, person = row.activity, row.learner
    lines = []
    if person.birth_year is not None:
        born = write_date(person.birth_on) if person.birth_on else str(person.birth_year)
        lines.append(_("Sinh: %(born)s") % {"born": born})
    lines.append(_("Đã hoàn thành: %(title)s") % {"title": activity.title})
    if activity.first_on and activity.last_on:
        first, last = write_date(activity.first_on), write_date(activity.last_on)
        days = (
            _("Ngày %(day)s") % {"day": first}
            if first == last
            else _("Từ ngày %(first)s đến ngày %(last)s") % {"first": first, "last": last}
        )
        lines.append(_("%(days)s, %(hours)s giờ học") % {"days": days, "hours": hours} if hours else days)
    unit = activity.provider.unit
    return Paper(
        issuer=activity.provider.name,
        superior=unit.name,
        title=_("Giấy chứng nhận"),
        before=(_("Chứng nhận"),),
        name=person.name,
        lines=tuple(lines),
        place=unit.short_name,
        day=certificate.issued_on,
        signer=Signature(post=_("Giám đốc"), name=signer),
        entry=certificate.number,
        mark_png=qr_png(check_address(certificate)),
        mark_words=_("Mã tra cứu: %(code)s") % {"code": shown_code(certificate.code)},
    )


def certificate_file(certificate: Certificate, kind: str, *, hours: int, signer: str = "") -> bytes:
    """The paper as a file of a kind in `TYPES`."""
    paper = paper_of(certificate, hours=hours, signer=signer)
    return pdf(paper) if kind == "pdf" else word(paper)
