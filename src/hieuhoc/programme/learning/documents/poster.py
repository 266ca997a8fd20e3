"""A sheet to hang up: what is learnt, when, where, for whom, and squares by which a telephone finds the public page."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hieuhoc.engines.writer import Certificate as FramedPage
from hieuhoc.kernel.vietnamese import write_date, write_number
from hieuhoc.programme.learning.documents.certificates import qr_png
from hieuhoc.programme.learning.models import Activity, Session
from hieuhoc.programme.learning.rules.sessions import WEEKDAYS

_SHOWN = 4  # sessions that fit on one page; the public page tells of the others


def poster_page(
    activity: Activity,
    *,
    sessions: Sequence[Session],
    organisers: Sequence[str],
    speakers: Sequence[str],
    address: str,
) -> FramedPage:
    """The framed page of an activity; `address` is that of its public page."""
    lines = [f"{activity.place or activity.provider.name}, {activity.unit.name}"]
    lines += [_when(one) for one in sessions[:_SHOWN]]
    if more := len(sessions) - _SHOWN if len(sessions) > _SHOWN else 0:
        lines.append(ngettext("và %(n)s buổi nữa", "và %(n)s buổi nữa", more) % {"n": more})
    if activity.audience:
        lines.append(_("Dành cho: %(who)s") % {"who": activity.audience})
    if speakers:
        lines.append(_("Báo cáo viên: %(names)s") % {"names": ", ".join(speakers)})
    fee = _("Học phí: %(fee)s đồng") % {"fee": write_number(activity.fee)} if activity.fee else _("Miễn phí")
    lines.append(fee)
    return FramedPage(
        issuer=activity.provider.name,
        superior=activity.unit.name,
        title=_("Mời tham gia"),
        before=(_("Tổ chức: %(names)s") % {"names": ", ".join(organisers)},) if len(organisers) > 1 else (),
        name=activity.title,
        lines=tuple(lines),
        mark_png=qr_png(address),
        mark_words=_("Quét mã để xem và ghi danh: %(address)s") % {"address": address},
    )


def _when(session: Session) -> str:
    begins, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    day = WEEKDAYS[begins.weekday()]
    return f"{begins:%H:%M}–{ends:%H:%M}, {day} {write_date(begins.date())}"
