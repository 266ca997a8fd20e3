"""Units for tests, made by the services themselves, and the province as it ships."""

from datetime import date
from typing import Any

from hieuhoc.foundation.records import trail
from hieuhoc.registers.places import services
from hieuhoc.registers.places.models import Unit

SINCE = date(2019, 1, 1)
PLAN_DAY = date(2020, 9, 17)
LATER = date(2026, 1, 1)


def make_unit(
    name: str = "Tỉnh Thử", level: str = "province", kind: str = "tinh", parent: Unit | None = None, **over: Any
) -> Unit:
    """A unit with the least that is valid."""
    given: dict[str, Any] = {"valid_from": SINCE} | over
    return services.create_unit(by=trail.HOUSE, name=name, level=level, kind=kind, parent=parent, **given)


def make_province(name: str = "Tỉnh Thử", **over: Any) -> Unit:
    return make_unit(name, "province", "tinh", **over)


def make_district(parent: Unit, name: str = "Huyện Thử", **over: Any) -> Unit:
    return make_unit(name, "district", "huyen", parent, **over)


def make_commune(parent: Unit, name: str = "Xã Thử", **over: Any) -> Unit:
    return make_unit(name, "commune", "xa", parent, **over)


def make_agency(parent: Unit, name: str = "Sở Thử", kind: str = "so", **over: Any) -> Unit:
    return make_unit(name, "agency", kind, parent, **over)


def make_group(parent: Unit, name: str = "Các sở thử", **over: Any) -> Unit:
    return make_unit(name, "group", "nhom", parent, **over)


def load_kien_giang() -> Unit:
    """The province of Kiên Giang as it ships: 15 districts, 145 communes, their agencies and groups."""
    services.load_province()
    return Unit.objects.get(key="tinh-kien-giang")
