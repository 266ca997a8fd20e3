"""The data that ship: the province as it was on 17/9/2020, loaded once and for all."""

import csv
import json
from collections import Counter
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import DjangoAssertNumQueries
from tests.factories.places import PLAN_DAY

from hieuhoc.foundation.records import trail
from hieuhoc.kernel.errors import Invalid
from hieuhoc.registers.places import rules, selectors, services
from hieuhoc.registers.places.models import Membership, Unit, UnitAlias, UnitVersion
from hieuhoc.registers.places.services.loading import SHIPPED

COMMUNES = {
    "899": 12, "900": 7, "902": 8, "903": 14, "904": 11, "905": 10, "906": 19, "907": 11,
    "908": 9, "909": 11, "910": 8, "911": 10, "912": 4, "913": 6, "914": 5,
}  # fmt: skip


def printed(*words: str) -> list[dict[str, Any]]:
    out = StringIO()
    call_command("units", *words, "--json", stdout=out)
    rows: list[dict[str, Any]] = json.loads(out.getvalue())
    return rows


def test_the_province_has_its_units_of_2020_with_their_kinds(kien_giang: Unit) -> None:
    census = selectors.counts_on(PLAN_DAY)
    assert [census.levels[level] for level in ("province", "district", "commune")] == [1, 15, 145]
    assert [census.kinds["commune", kind] for kind in ("xa", "phuong", "thi_tran")] == [117, 16, 12]
    assert [census.kinds["district", kind] for kind in ("thanh_pho", "huyen")] == [2, 13]
    communes = selectors.units_on(PLAN_DAY, level="commune")
    assert Counter(row.parent.code for row in communes if row.parent) == COMMUNES


def test_every_place_has_its_committee_and_every_unit_its_right_path(kien_giang: Unit) -> None:
    assert Unit.objects.filter(kind="uy_ban").count() == 1 + 15 + 145
    for unit in Unit.objects.select_related("parent"):
        assert unit.path == rules.path_under(unit.parent.path if unit.parent else "", unit.pk)
    assert UnitVersion.objects.count() == Unit.objects.count()


def test_loading_again_adds_nothing_and_leaves_what_people_changed(kien_giang: Unit) -> None:
    alias = UnitAlias.objects.filter(unit__key="so-y-te-kien-giang").earliest("id")
    services.end_alias(by=trail.HOUSE, alias=alias, on=date(2021, 1, 1))
    group = selectors.unit_by_key("cac-so-ban-nganh-kien-giang")
    services.set_members(by=trail.HOUSE, group=group, members=[], on=date(2021, 1, 1))
    services.rename_unit(
        by=trail.HOUSE, unit=selectors.unit_by_key("so-y-te-kien-giang"), name="Sở Sức khỏe", on=date(2021, 1, 1)
    )
    assert services.load_province() == services.Loaded(units=0, aliases=0, memberships=0)
    assert selectors.unit_by_key("so-y-te-kien-giang").name == "Sở Sức khỏe"
    assert selectors.members(group, on=date(2021, 1, 1)) == []


def test_loading_takes_a_number_of_queries_that_does_not_grow_with_the_units(
    db: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(60):
        services.load_province()
    with django_assert_max_num_queries(8):
        services.load_province()


def test_a_file_that_names_an_unknown_group_changes_nothing(db: None, tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text((SHIPPED / "kien-giang-2020.csv").read_text())
    (tmp_path / "agencies.csv").write_text(
        "level,at,key,parent,name,short_name,kind,groups,aliases\nagency,province,so-a,,Sở A,,so,nhom-la,\n"
    )
    with pytest.raises(Invalid):
        services.load_province(files=("places.csv", "agencies.csv"), folder=tmp_path)
    assert not Unit.objects.exists()
    assert not Membership.objects.exists()


def test_a_file_that_names_an_unknown_parent_changes_nothing(db: None, tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text((SHIPPED / "kien-giang-2020.csv").read_text())
    (tmp_path / "agencies.csv").write_text(
        "level,at,key,parent,name,short_name,kind,groups,aliases\nagency,province,so-a,so-la,Sở A,,so,,\n"
    )
    with pytest.raises(Invalid):
        services.load_province(files=("places.csv", "agencies.csv"), folder=tmp_path)
    assert not Unit.objects.exists()


def test_each_agency_of_the_file_is_named_once_and_only_known_groups_are(kien_giang: Unit) -> None:
    with (SHIPPED / "kien-giang-agencies.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    assert max(Counter((row["key"], row["at"]) for row in rows).values()) == 1
    assert {row["level"] for row in rows} == {"agency", "group"}
    names = Counter((unit.name, unit.parent_id) for unit in Unit.objects.all())
    assert [name for name, times in names.items() if times > 1] == []


def test_the_command_prints_the_register_as_of_a_day(kien_giang: Unit) -> None:
    rows = printed("--on", "2020-09-17")
    assert len(rows) == 161
    assert rows[0] == {
        "id": "tinh-kien-giang",
        "code": "91",
        "name": "Tỉnh Kiên Giang",
        "kind": "tỉnh",
        "level": "province",
        "parent": None,
    }
    assert Counter(row["kind"] for row in printed("--on", "2020-09-17", "--level", "commune")) == {
        "xã": 117,
        "phường": 16,
        "thị trấn": 12,
    }
    beneath = printed("--on", "2020-09-17", "--under", "899")
    assert len(beneath) == 12
    assert {row["parent"] for row in beneath} == {"thanh-pho-rach-gia-kien-giang"}
    assert printed("--on", "2018-10-31") == []
    assert len(printed("--on", "2020-09-17", "--level", "agency")) == 269


def test_the_command_refuses_an_unknown_code_with_a_sentence(kien_giang: Unit) -> None:
    with pytest.raises(CommandError, match="901"):
        printed("--on", "2020-09-17", "--under", "901")


def test_the_command_that_loads_says_what_it_added(db: None) -> None:
    out = StringIO()
    call_command("load_places", stdout=out)
    call_command("load_places", stdout=out)
    assert out.getvalue().splitlines()[1].startswith("+0 đơn vị")
