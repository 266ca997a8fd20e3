"""The forms that ship: every indicator known to their calendar, set up once, never over what people made."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from tests.factories.cast import Cast, make_cast
from tests.factories.places import make_agency, make_province

from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.periods import Calendar
from hieuhoc.registers.indicators import selectors as indicators
from hieuhoc.registers.indicators import services as indicator_services
from hieuhoc.reports import rules
from hieuhoc.reports.models import Form, FormVersion, ReportKind
from hieuhoc.reports.services import shipping

pytestmark = pytest.mark.django_db
CODES = [one.code for one in shipping.shipped_forms()]


@pytest.fixture
def people() -> Cast:
    indicator_services.load_indicators()
    return make_cast()


def test_every_form_holds_together_and_asks_only_for_what_its_calendar_knows(people: Cast) -> None:
    known, breakdowns = indicators.meanings_on(clock.today()), indicators.breakdowns()
    for shipped in shipping.shipped_forms():
        layout = rules.layout_from(shipped.layout, known=known, breakdowns=breakdowns)
        for kind in shipped.kinds:
            for code in layout.codes:
                told = known[code]
                assert (told.calendar, kind["rhythm"] in told.rhythms) == (kind["calendar"], True), (kind["code"], code)


def test_loading_sets_up_forms_and_regimes_once(people: Cast) -> None:
    first = shipping.load_forms(province=people.province)
    assert first.made == CODES
    assert sorted(first.kinds) == CODES
    again = shipping.load_forms(province=people.province)
    assert (again.made, again.followed, again.left, again.kinds) == ([], [], [], [])
    assert FormVersion.objects.filter(state="in_force").count() == len(CODES)
    assert trail.verify() is None


def test_a_form_belongs_to_the_agency_that_leads_and_the_association_takes_its_own_where_it_stands(
    people: Cast,
) -> None:
    association = make_agency(people.province, "Hội Khuyến học tỉnh", kind="doan_the")
    shipping.load_forms(province=people.province)
    assert Form.objects.get(code="xhht-nam").owner == people.education
    assert Form.objects.get(code="hkh-nam").owner == association
    assert ReportKind.objects.get(code="hkh-6-thang").recipient == association


def test_where_no_such_agency_stands_the_province_has_the_forms() -> None:
    indicator_services.load_indicators()
    province = make_province("Tỉnh Trống")
    shipping.load_forms(province=province)
    assert set(Form.objects.values_list("owner", flat=True)) == {province.pk}


def test_literacy_is_sent_on_the_days_of_the_circular(people: Cast) -> None:
    shipping.load_forms(province=people.province)
    kind = ReportKind.objects.get(code="xmc-nam")
    assert kind.calendar == Calendar.LITERACY
    assert kind.sending == {"commune": 2, "district": 5, "province": 10}


def changed(folder: Path) -> Path:
    """The shipped files, with another name of one section."""
    for path in shipping.SHIPPED.glob("*.yaml"):
        told: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        if told["form"]["code"] == "hkh-nam":
            told["form"]["layout"]["sections"][0]["heading"] = "Tổ chức"
        (folder / path.name).write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    return folder


def test_a_file_that_changed_makes_the_next_version_and_keeps_the_old_one(people: Cast, tmp_path: Path) -> None:
    shipping.load_forms(province=people.province)
    done = shipping.load_forms(province=people.province, folder=changed(tmp_path))
    assert done.followed == ["hkh-nam"]
    versions = FormVersion.objects.filter(form__code="hkh-nam").order_by("number")
    assert [(one.number, one.state) for one in versions] == [(1, "retired"), (2, "in_force")]


def test_what_people_made_of_a_form_is_left_alone(people: Cast, tmp_path: Path) -> None:
    shipping.load_forms(province=people.province)
    form = Form.objects.get(code="hkh-nam")
    FormVersion.objects.create(form=form, number=2, layout={"sections": [], "checks": []})
    done = shipping.load_forms(province=people.province, folder=changed(tmp_path))
    assert (done.followed, done.left) == ([], ["hkh-nam"])


def test_days_that_the_province_set_are_not_set_back(people: Cast) -> None:
    shipping.load_forms(province=people.province)
    ReportKind.objects.filter(code="hkh-nam").update(opens_before=3)
    shipping.load_forms(province=people.province)
    assert ReportKind.objects.get(code="hkh-nam").opens_before == 3


def test_without_the_indicators_nothing_is_set_up() -> None:
    province = make_province("Tỉnh Trống")
    with pytest.raises(Invalid):
        shipping.load_forms(province=province)
    assert not Form.objects.exists()


def test_the_command_says_what_it_did_and_asks_which_province(people: Cast) -> None:
    said = StringIO()
    call_command("load_forms", stdout=said)
    assert f"+{len(CODES)} biểu mẫu" in said.getvalue()
    make_province("Tỉnh Thứ Hai")
    with pytest.raises(CommandError, match="--province"):
        call_command("load_forms", stdout=said)
    call_command("load_forms", province=people.province.key, stdout=said)
    assert "+0 biểu mẫu" in said.getvalue()
