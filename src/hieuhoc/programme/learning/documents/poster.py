"""A sheet to hang up: what is learnt, when, where, for whom, and squares by which a telephone finds the public page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hieuhoc.engines.writer import Certificate as FramedPage
from hieuhoc.engines.writer.widths import lines_in
from hieuhoc.foundation.ui.wording import in_words
from hieuhoc.kernel.vietnamese import write_date, write_number
from hieuhoc.programme.learning.documents.certificates import qr_png
from hieuhoc.programme.learning.models import Activity, Session
from hieuhoc.programme.learning.rules import kinds
from hieuhoc.programme.learning.rules.sessions import WEEKDAYS

# What stands between the head and the foot of the framed page. Units: mm, and points for the sizes of letters.
_PAGE, _ROOM = 80.0, 235.0
_NAME_SIZE, _NAME_HIGH, _NAME_LINES = 32, 12.8, 2
_SIZE, _HIGH = 18, 10.2


def poster_page(
    activity: Activity,
    *,
    day: date,
    sessions: Sequence[Session],
    partners: Sequence[str],
    speakers: Sequence[str],
    address: str,
) -> FramedPage:
    """The framed page of an activity; `partners` hold it with its provider, `address` is that of its public page."""
    name, before = activity.title, _partners(partners)
    if lines_in(name, _ROOM, size=_NAME_SIZE, bold=True) > _NAME_LINES:
        name, before = capfirst(in_words(kinds.ACTIVITIES[activity.kind])), [*before, activity.title]
    place = activity.place or activity.provider.name
    first = [place if activity.unit.name.casefold() in place.casefold() else f"{place}, {activity.unit.name}"]
    last = _("Học phí: %(fee)s đồng") % {"fee": write_number(activity.fee)} if activity.fee else _("Miễn phí")
    if speakers:
        last += " · " + _("Báo cáo viên: %(names)s") % {"names": ", ".join(speakers)}
    if activity.for_whom:
        last += " · " + _("Dành cho: %(who)s") % {"who": activity.for_whom}
    taken = lines_in(name, _ROOM, size=_NAME_SIZE, bold=True) * _NAME_HIGH
    taken += sum(lines_in(line, _ROOM, size=_SIZE) for line in (*before, *first, last)) * _HIGH
    shown = _fitting([_when(one) for one in sessions], int((_PAGE - taken) / _HIGH))
    return FramedPage(
        issuer=activity.provider.name,
        superior=activity.unit.name,
        title=_("Mời tham gia"),
        before=tuple(before),
        name=name,
        lines=(*first, *shown, last),
        place=activity.unit.short_name,
        day=day,
        mark_png=qr_png(address),
        mark_words=_("Quét mã để xem và ghi danh: %(address)s") % {"address": address},
    )


def _partners(names: Sequence[str]) -> list[str]:
    """Who holds it with the provider, as many as one line takes."""
    if not names:
        return []
    for number in range(len(names), 0, -1):
        line = _("Phối hợp: %(names)s") % {"names": ", ".join(names[:number])}
        if more := len(names) - number:
            line += " " + ngettext("và %(n)s đơn vị khác", "và %(n)s đơn vị khác", more) % {"n": more}
        if lines_in(line, _ROOM, size=_SIZE) == 1:
            break
    return [line]


def _fitting(whens: Sequence[str], room: int) -> list[str]:
    """As many days as there are lines for, the first at least; of the others how many, the public page tells them."""
    if len(whens) <= max(room, 1):
        return list(whens)
    shown = list(whens[: max(room - 1, 1)])
    more = len(whens) - len(shown)
    words = ngettext("và %(n)s buổi nữa", "và %(n)s buổi nữa", more) % {"n": more}
    return [*shown, words] if room > 1 else [f"{shown[0]}, {words}"]


def _when(session: Session) -> str:
    begins, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    day = WEEKDAYS[begins.weekday()]
    return f"{begins:%H:%M}–{ends:%H:%M}, {day} {write_date(begins.date())}"
