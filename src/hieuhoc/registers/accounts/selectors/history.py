"""The trail in words: which lines, and how each is told to a reader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hieuhoc.foundation.records.models import Entry
from hieuhoc.kernel.vietnamese import fold, write_date
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.accounts.roles import ROLES
from hieuhoc.registers.places.selectors import rows


@dataclass(frozen=True)
class Change:
    """One thing that changed: what it is called, what it was and what it is."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One line of the trail as it is told."""

    number: int
    at: datetime
    who: str
    deed: str
    subject: str
    why: str
    changes: Sequence[Change] = field(default_factory=tuple)


def entries(
    among: QuerySet[Entry], *, actor: str = "", deed: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[Entry]:
    """Lines of the trail, newest first: of an actor by name, of a deed, from a day to another (both included)."""
    found = among
    if actor:
        keys = [f"user:{pk}" for pk in User.objects.filter(folded__contains=fold(actor)).values_list("pk", flat=True)]
        found = found.filter(Q(actor__in=keys) | Q(actor_name__icontains=actor))
    if deed:
        found = found.filter(deed=deed)
    if since:
        found = found.filter(at__gte=_start_of(since))
    if until:
        found = found.filter(at__lt=_start_of(until + timedelta(days=1)))
    return found.order_by("-number")


def entries_about(among: QuerySet[Entry], user: User) -> QuerySet[Entry]:
    """Those of these lines that are about one user, newest first."""
    return among.filter(subject_type=User._meta.label_lower, subject_key=str(user.pk)).order_by("-number")


def deeds_among(among: QuerySet[Entry]) -> list[str]:
    """The deeds that occur in these lines of the trail."""
    return sorted(among.order_by().values_list("deed", flat=True).distinct())


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def deed_names() -> dict[str, str]:
    """What each deed is called, as the apps say it: an app config may carry `deeds`, a table of code and name.

    Beside it may stand `changes`, a table of what is changed that is no column, and its name.
    """
    return {code: str(name) for app in apps.get_app_configs() for code, name in getattr(app, "deeds", {}).items()}


def told(found: Iterable[Entry]) -> list[Line]:
    """Lines of the trail in the reader's words; a deed that no app names is shown by its code."""
    names = deed_names()
    return [
        Line(
            number=entry.number,
            at=entry.at,
            who=entry.actor_name,
            deed=names.get(entry.deed, entry.deed),
            subject=entry.subject_name,
            why=entry.why,
            changes=tuple(_changes(entry)),
        )
        for entry in found
    ]


def _changes(entry: Entry) -> Iterable[Change]:
    """What changed, in words. What stayed as it was and lists of keys are left out: they tell a reader nothing."""
    for name, pair in entry.changes.items():
        before, after = pair if isinstance(pair, list) and len(pair) == 2 else ("", pair)
        if before == after or isinstance(before, list | dict) or isinstance(after, list | dict):
            continue
        column = _column(entry.subject_type, name)
        change = Change(
            _label(column, name, entry.subject_type), _word(column, name, before), _word(column, name, after)
        )
        if change.before or change.after:
            yield change


# Changes that are no column of the row they belong to.
_LABELS = {
    "role": gettext_lazy("vai trò"),
    "unit": gettext_lazy("đơn vị"),
    "valid_from": gettext_lazy("có hiệu lực từ ngày"),
    "valid_to": gettext_lazy("hết hiệu lực từ ngày"),
    "is_active": gettext_lazy("được dùng"),
    "on": gettext_lazy("áp dụng từ ngày"),
    "alias": gettext_lazy("tên khác"),
    "units": gettext_lazy("số đơn vị"),
    "aliases": gettext_lazy("số tên khác"),
    "memberships": gettext_lazy("số thành viên của nhóm"),
    "members": gettext_lazy("thành viên"),
    "row": gettext_lazy("dòng"),
    "rows": gettext_lazy("số dòng"),
    "people": gettext_lazy("dân số"),
    "households": gettext_lazy("số hộ"),
    "area_ha": gettext_lazy("diện tích (ha)"),
    "size_source": gettext_lazy("nguồn"),
    "is_estimated": gettext_lazy("ước tính"),
}


def _column(subject_type: str, name: str) -> object:
    try:
        return apps.get_model(subject_type)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None


def _label(column: object, name: str, subject_type: str) -> str:
    named: dict[str, object] = {**dict(rows.row_columns()), **_LABELS}
    # The words of the app whose row was changed go before those of others.
    for app in sorted(apps.get_app_configs(), key=lambda app: subject_type.startswith(f"{app.label}.")):
        named |= getattr(app, "changes", {})
    # A name may also be that of rows which point here; those have no words of their own.
    words = str(named.get(name) or getattr(column, "verbose_name", name))
    return words[:1].upper() + words[1:]


def _word(column: object, name: str, value: object) -> str:
    if value is None or value == "":
        return ""
    if value in (choices := dict(getattr(column, "flatchoices", ()))):
        return str(choices[value])
    if value is True or value is False:
        return _("có") if value else _("không")
    if name == "role" and str(value) in ROLES:
        return str(ROLES[str(value)].name)
    try:
        return write_date(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)
