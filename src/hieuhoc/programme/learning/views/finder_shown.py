"""How the public pages show what was found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from hieuhoc.foundation.ui.charts import MapUnit, map_drawing
from hieuhoc.foundation.ui.wording import in_words
from hieuhoc.programme.learning.models import Activity, Topic
from hieuhoc.programme.learning.rules import kinds
from hieuhoc.programme.learning.selectors import finder
from hieuhoc.registers.places import selectors as places
from hieuhoc.registers.places.models import Unit

Options = list[dict[str, Any]]


def place_of(text: str) -> finder.Place | None:
    """Latitude and longitude as they stand in an address; None for what is no place on earth."""
    try:
        latitude, longitude = (float(part) for part in text.split(","))
    except ValueError:
        return None
    return (latitude, longitude) if -90 <= latitude <= 90 and -180 <= longitude <= 180 else None


def row(activity: Any, *, left: int | None, away: float | None) -> dict[str, Any]:
    """One line of the list: `next_at` is on the activity."""
    return {
        "activity": activity,
        "field": in_words(kinds.FIELDS[activity.field]),
        "left": left,
        "is_full": left == 0,
        "away": away,
    }


def field_select(chosen: str) -> dict[str, Any]:
    """The select of the fields of learning."""
    options = [{"value": "", "label": _("Mọi lĩnh vực"), "selected": not chosen}]
    options += [
        {"value": key, "label": in_words(name), "selected": key == chosen} for key, name in kinds.FIELDS.items()
    ]
    return {"name": "field", "label": _("Lĩnh vực"), "options": options}


def topic_select(topics: Iterable[Topic], chosen: Topic | None) -> dict[str, Any]:
    """The select of the topics on which something is to come; one that is asked stands there too."""
    offered = {one.pk: one for one in [*topics, *([chosen] if chosen else [])]}
    options = [{"value": "", "label": _("Mọi chủ đề"), "selected": chosen is None}]
    return {
        "name": "topic",
        "label": _("Chủ đề"),
        "options": options + topic_options(offered.values(), chosen),
    }


def where_options(units: Sequence[Unit], chosen: Unit | None) -> list[dict[str, Any]]:
    """The units in which something is offered, under the unit above each of them, which may be chosen too."""
    groups: list[dict[str, Any]] = []
    for unit in units:
        above = unit.parent
        if above is None:
            groups.append({"label": "", "options": [_option(unit, unit.name, chosen)]})
            continue
        if not groups or groups[-1].get("key") != above.key:
            every = _option(above, _("Tất cả ở %(unit)s") % {"unit": above.name}, chosen)
            groups.append({"key": above.key, "label": above.name, "options": [every]})
        groups[-1]["options"].append(_option(unit, unit.name, chosen))
    return groups


def _option(unit: Unit, label: str, chosen: Unit | None) -> dict[str, Any]:
    return {"value": unit.key, "label": label, "selected": chosen is not None and chosen.pk == unit.pk}


def topic_options(topics: Iterable[Topic], chosen: Topic | None) -> Options:
    """The topics of the catalogue to choose from."""
    return [
        {"value": one.code, "label": one.name, "selected": chosen is not None and chosen.pk == one.pk} for one in topics
    ]


def chips(query: QueryDict, asked: finder.Asked) -> Options:
    """What is asked besides what the form shows, each with the way to take it off."""
    words = []
    if asked.near is not None:
        words.append(("near", _("Gần chỗ bạn đứng")))
    found = []
    for name, label in words:
        rest = query.copy()
        rest.pop(name, None)
        rest.pop("page", None)
        found.append({"label": label, "url": f"?{rest.urlencode()}"})
    return found


def watch_url(asked: finder.Asked) -> str:
    """Where to ask to be told of what is looked for here."""
    wish = {
        "topic": asked.topic.code if asked.topic else "",
        "field": asked.field,
        "unit": asked.unit.key if asked.unit else "",
    }
    query = urlencode({name: value for name, value in wish.items() if value})
    return reverse("learning:watch-new") + (f"?{query}" if query else "")


def map_of(asked: finder.Asked, query: QueryDict, *, on: date) -> dict[str, Any] | None:
    """A map of how much there is in each district, or in each commune of the one that is chosen; each tile leads there.

    None where only one unit would be on it, or nothing is to come.
    """
    offering, chosen = finder.places_with_providers(), asked.unit
    around = chosen
    if chosen is not None and not any(unit.parent_id == chosen.pk for unit in offering):
        around = chosen.parent
    if around is not None:
        units = [unit for unit in offering if unit.parent_id == around.pk]
    else:
        units = list({unit.parent.pk: unit.parent for unit in offering if unit.parent is not None}.values())
    if len(units) < 2:
        return None
    counted = finder.counts_by_unit(finder.coming(replace(asked, unit=around), on=on))
    if not counted:
        return None
    drawn = [
        MapUnit(
            key=unit.key,
            label=unit.name,
            short=unit.short_name,
            value=sum(number for path, number in counted.items() if path.startswith(unit.path)),
            url=_with_unit(query, unit.key),
        )
        for unit in units
    ]
    points = places.points_of([unit.key for unit in units])
    wider = around.parent if around is not None and around.parent_id is not None else None
    return {
        "drawing": map_drawing(drawn, points, own=chosen.key if chosen else ""),
        "around": around,
        "wider_url": _with_unit(query, "") if wider is not None else "",
    }


def _with_unit(query: QueryDict, key: str) -> str:
    changed = query.copy()
    for name in ("unit", "page", "near"):
        changed.pop(name, None)
    if key:
        changed["unit"] = key
    return f"?{changed.urlencode()}"


def detail(activity: Activity, *, on: date) -> dict[str, Any]:
    """What is said to everybody of one activity; of people only how many places are left."""
    sessions = list(finder.sessions_of(activity))
    return {
        "activity": activity,
        "field": in_words(kinds.FIELDS[activity.field]),
        "sessions": [{"session": one, "state": _SHAPES[one.state], "is_over": one.on < on} for one in sessions],
        "next": next((one for one in sessions if one.on >= on and one.state == "planned"), None),
        "organisers": activity.organisers.all(),
        "left": finder.places_left([activity]).get(activity.pk),
        "more_url": f"{reverse('learning:class-list')}?{urlencode({'unit': activity.unit.key})}",
        "watch_url": watch_url(finder.Asked(unit=activity.unit, topic=activity.topic, field=activity.field)),
    }


_SHAPES = {"planned": "wait", "held": "done", "cancelled": "late"}
