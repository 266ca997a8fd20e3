"""Then and now: the register of two days beside each other."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.vietnamese import write_date, write_number
from hieuhoc.registers.accounts import access, documents
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.accounts.views.request import UserRequest, chosen, day_asked
from hieuhoc.registers.accounts.views.unit_changes import crumbs
from hieuhoc.registers.places import selectors as places
from hieuhoc.registers.places.selectors import comparing

SHAPES = {
    "same": "neutral",
    "moved": "neutral",
    "changed": "wait",
    "enlarged": "wait",
    "parted": "due",
    "merged": "due",
    "divided": "due",
    "abolished": "due",
    "ended": "late",
    "new": "done",
}


@require_safe
def compare(request: UserRequest) -> HttpResponse:
    """Each unit of an earlier day with what it is on a later one; ?format=xlsx gives the same as a workbook."""
    access.require_somewhere(request.user, Permission.UNIT_READ)
    then, now = _days(request)
    asked = request.GET
    level = asked.get("level", "") if asked.get("level") in places.ALL_LEVELS else "commune"
    under, text, change = asked.get("under", ""), asked.get("q", ""), asked.get("change", "")
    whole = comparing.compare(then, now, level=level, under=under, text=text)
    rows = [row for row in whole if not change or row.change == change]
    if asked.get("format") == "xlsx":
        comparing.attach(rows)
        content = documents.compared_workbook(rows, then=then, now=now)
        return pages.download(content, _("Đơn vị xưa và nay.xlsx"), documents.XLSX)
    counts = Counter(row.change for row in whole)
    changes = [
        (code, f"{name} ({write_number(counts[code])})") for code, name in comparing.CHANGES.items() if counts[code]
    ]
    page = pages.page_of(request, rows)
    comparing.attach(page)
    title = _("Xưa và nay")
    context = {
        "title": title,
        "crumbs": crumbs(title),
        "then": then,
        "now": now,
        "q": text,
        "above": chosen(_above(then, now, under), under, any_label=_("Cả nước")),
        "selects": [
            {
                "name": "level",
                "label": _("Cấp"),
                "options": chosen(places.level_choices(), level, any_label=_("Cấp xã"))[1:],
            },
            {"name": "change", "label": _("Thay đổi"), "options": chosen(changes, change, any_label=_("Tất cả"))},
        ],
        "kinds": dict(places.kind_choices()),
        "shapes": SHAPES,
        "page": page,
    }
    return pages.render(request, "accounts/units/compare.html", context, fragment="accounts/units/_compared.html")


def _days(request: UserRequest) -> tuple[date, date]:
    """The two days that were asked for, the earlier one first; else today and the eve of the last event before it."""
    today = clock.today()
    now = day_asked(request, "now", default=today)
    last = places.reorganisations().filter(state="executed", effective_on__lte=now).order_by("-effective_on").first()
    then = day_asked(request, "then", default=(last.effective_on if last else now) - timedelta(days=1))
    return min(then, now), max(then, now)


def _above(then: date, now: date, under: str) -> list[tuple[str, str]]:
    """The provinces and districts of both days, those that stood only then with the day; and whatever was asked for."""
    found: dict[str, str] = {}
    for day in (now, then):
        rows = places.units_on(day).filter(level__in=("province", "district"))
        for key, name in rows.values_list("unit__key", "name"):
            found.setdefault(key, name if day == now else f"{name} ({write_date(day)})")
    if under and under not in found:
        found[under] = _name(under)
    return list(found.items())


def _name(key: str) -> str:
    try:
        return places.unit_by_key(key).name
    except Missing:
        return key
