"""The register of units: open to everybody who is signed in; changed by administrators within their own units."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hieuhoc.foundation.records import clock, trail
from hieuhoc.foundation.ui import pages
from hieuhoc.kernel.vietnamese import write_date, write_number
from hieuhoc.registers.accounts import access, selectors
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.accounts.views.request import UserRequest, above_asked, chosen, day_asked
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import Unit, UnitVersion

SHOWN_LINES = 20
MOST_IN_TREE = 1500  # units; of a larger register the tree shows one province at a time
MOST_OPTIONS = 20
FEW_ROOTS = 5  # so many at the top are shown open


@require_safe
def unit_list(request: UserRequest) -> HttpResponse:
    """The register on a day: as a tree, or as a list once something is looked for."""
    access.require_somewhere(request.user, Permission.UNIT_READ)
    asked, today = request.GET, clock.today()
    on = day_asked(request, "on", default=today)
    text, level = asked.get("q", ""), asked.get("level", "")
    under = above_asked(request, on)
    as_list = bool(text or level or asked.get("view") == "list")
    census = places.counts_on(on)
    levels = [
        (code, f"{name} ({write_number(census.levels[code])})")
        for code, name in places.level_choices()
        if census.levels.get(code)
    ]
    context = {
        "on": on,
        "is_today": on == today,
        "q": text,
        "level": level,
        "as_list": as_list,
        "kinds": dict(places.kind_choices()),
        "total": None if as_list else sum(census.levels.values()),
        "under": under,
        "selects": [{"name": "level", "label": _("Cấp"), "options": chosen(levels, level, any_label=_("Mọi cấp"))}],
        "may_create": access.has(request.user, Permission.UNIT_EDIT),
    }
    if as_list:
        page = pages.page_of(request, places.filtered_units(on=on, text=text, level=level, under=under))
        formers = selectors.former_words([row.unit for row in page], text=text)
        context |= {"page": page, "formers": formers}
    else:
        day = "" if on == today else write_date(on)
        is_large = under is None and sum(census.levels.values()) > MOST_IN_TREE
        context["nodes"] = _tops(on, day=day) if is_large else _branches(on, under, day=day)
    return pages.render(request, "accounts/units/unit_list.html", context, fragment="accounts/units/_units.html")


def _tops(on: date, *, day: str) -> list[dict[str, Any]]:
    """The units at the top alone, each leading to its own tree."""
    tail = f"&on={day}" if day else ""
    return [
        {"label": row.name, "url": f"?under={row.unit.key}{tail}", "code": row.code, "count": row.beneath}  # type: ignore[attr-defined]  # counted by tree_children
        for row in places.tree_children(None, on)
    ]


def _branches(on: date, under: UnitVersion | None, *, day: str) -> list[dict[str, Any]]:
    # Every place has a People's Committee; it stands on the page of the place, not once more in the tree.
    return _tree(places.filtered_units(on=on, under=under).exclude(kind="uy_ban"), day=day)


def _tree(found: Iterable[UnitVersion], *, day: str) -> list[dict[str, Any]]:
    """Units in one query become nodes in nodes, those of the highest level first and open."""
    nodes: dict[int, dict[str, Any]] = {}
    roots: list[dict[str, Any]] = []
    rows = list(found)
    kinds = dict(places.kind_choices())
    for row in rows:
        url = reverse("units:detail", args=[row.unit.key]) + (f"?on={day}" if day else "")
        note = "" if row.is_administrative else kinds[row.kind]
        nodes[row.unit_id] = {"label": row.name, "url": url, "code": row.code, "note": note, "children": []}
    for row in rows:
        above = nodes.get(row.parent_id) if row.parent_id else None
        (above["children"] if above else roots).append(nodes[row.unit_id])
    for node in nodes.values():
        if node["children"]:
            # What opens and shuts cannot be a link as well: the unit's own page stands first beneath it.
            own = {"label": _("Trang của %(unit)s") % {"unit": node["label"]}, "url": node["url"]}
            node |= {"count": len(node["children"]), "url": "", "children": [own, *node["children"]]}
    wide = [root for root in roots if root["children"]]
    for root in wide if len(wide) < FEW_ROOTS else ():
        root["open"] = True
    return roots


@require_safe
def unit_options(request: UserRequest) -> HttpResponse:
    """Suggestions for a picker of units: ?q=…, and if wanted ?levels=commune,district and ?within=user.manage.

    ?on= asks for the units of another day, ?value=code for the official code where a unit has one.
    """
    access.require_somewhere(request.user, Permission.UNIT_READ)
    levels = [level for level in request.GET.get("levels", "").split(",") if level in places.ALL_LEVELS]
    within = request.GET.get("within", "")
    # Where only one's own units will do, more are read than shown.
    found = places.find_units(
        request.GET.get("q", ""),
        on=day_asked(request, "on", default=clock.today()),
        levels=levels or None,
        limit=MOST_OPTIONS * 20 if within else MOST_OPTIONS,
    )
    if within in set(Permission):
        found = [unit for unit in found if access.may(request.user, Permission(within), at=unit)]
    found = found[:MOST_OPTIONS]
    formers = selectors.former_words(found, text=request.GET.get("q", ""))
    by_code = request.GET.get("value") == "code"
    return pages.options(_option(unit, formers.get(unit.pk, ""), by_code=by_code) for unit in found)


def _option(unit: Unit, former: str, *, by_code: bool) -> tuple[str, str, str]:
    """What a picker gets of a unit: its key or code, its name, and which one of that name it is."""
    note = " · ".join(filter(None, [unit.code if by_code else "", unit.parent.name if unit.parent else "", former]))
    return (unit.code if by_code and unit.code else unit.key), unit.name, note


@require_safe
def unit_detail(request: UserRequest, key: str) -> HttpResponse:
    """What a unit is on a day, what it has been, what is beneath it, and who acts there."""
    access.require_somewhere(request.user, Permission.UNIT_READ)
    unit, today = places.unit_by_key(key), clock.today()
    predecessors = places.inheritances_of(unit)
    on = day_asked(request, "on", default=_last_day(unit, today))
    state = places.state_on(unit, on)
    beneath = list(places.filtered_units(on=on).filter(parent=unit))
    grants = access.grants_seen(request.user, on=today).filter(unit=unit).select_related("user")
    context = {
        "unit": unit,
        "state": state,
        "kinds": dict(places.kind_choices()),
        "on": on,
        "is_today": on == today,
        "has_ended": unit.valid_to is not None and unit.valid_to <= today,
        "life": places.life(unit),
        "heirs": places.successions_of(unit),
        "predecessors": [row for row in predecessors if row.predecessor.level == unit.level],
        "abolished": [row for row in predecessors if row.predecessor.level != unit.level],
        "former": selectors.former_word(unit, predecessors),
        "sizes": places.sizes_of(unit),
        "last_day": places.last_day(unit),
        "ancestors": places.ancestors(state, on),
        "aliases": unit.aliases.on(on).order_by("pk"),
        "members": places.members(unit, on=on) if unit.is_group else [],
        "groups": places.groups_of(unit, on=on),
        "administrative": [row for row in beneath if row.is_administrative],
        "agencies": [row for row in beneath if not row.is_administrative],
        "sees_people": access.may(request.user, Permission.USER_READ, at=unit),
        "grants": grants.order_by("user__sort_key", "pk"),
        "may_edit": access.may(request.user, Permission.UNIT_EDIT, at=unit),
        "lines": _history(request, unit),
    }
    return pages.render(request, "accounts/units/unit_detail.html", context)


def _last_day(unit: Unit, today: date) -> date:
    """Today while the unit stands; the last day on which it stood, or the first on which it will."""
    if unit.valid_to is not None and unit.valid_to <= today:
        return unit.valid_to - timedelta(days=1)
    return max(today, unit.valid_from)


def _history(request: UserRequest, unit: Unit) -> list[selectors.Line]:
    if not access.may(request.user, Permission.TRAIL_READ, at=unit):
        return []
    return selectors.told(trail.history(unit).exclude(deed__endswith=".see")[:SHOWN_LINES])
