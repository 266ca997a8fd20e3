"""Who decides on a centre on which day, and what a cell of the register says."""

from datetime import date
from decimal import Decimal

import pytest

from hieuhoc.kernel.errors import Invalid
from hieuhoc.programme.learning.rules import founding, provider_columns

LAST_OF_DISTRICTS, FIRST_OF_COMMUNES = date(2025, 6, 30), date(2025, 7, 1)


@pytest.mark.parametrize(
    ("on", "levels", "may"),
    [
        (LAST_OF_DISTRICTS, {"commune"}, False),
        (LAST_OF_DISTRICTS, {"district"}, True),
        (LAST_OF_DISTRICTS, {"province"}, True),
        (LAST_OF_DISTRICTS, {"agency"}, False),
        (FIRST_OF_COMMUNES, {"commune"}, True),
        (FIRST_OF_COMMUNES, {"commune", "province"}, True),
        (FIRST_OF_COMMUNES, set(), False),
    ],
)
def test_the_district_decides_on_centres_until_july_2025_and_then_the_commune(
    on: date, levels: set[str], may: bool
) -> None:
    assert founding.may_decide("clc", levels=levels, on=on) is may


def test_other_kinds_are_decided_by_their_own_law_whatever_the_day() -> None:
    assert founding.competence("library", on=LAST_OF_DISTRICTS) is None
    assert founding.may_decide("library", levels={"commune"}, on=LAST_OF_DISTRICTS)
    assert not founding.may_decide("library", levels=set(), on=LAST_OF_DISTRICTS)


def test_only_the_leaders_of_a_centre_are_appointed_by_whoever_founds_it() -> None:
    assert founding.is_appointed("clc", "director")
    assert not founding.is_appointed("clc", "cashier")
    assert not founding.is_appointed("school", "director")


def _post(**over: object) -> None:
    given = {
        "role": "director",
        "starts": date(2020, 3, 1),
        "ends": None,
        "founded": date(2015, 1, 1),
        "ended": None,
        "others": [(date(2018, 1, 1), date(2020, 3, 1))],
    } | over
    founding.check_post(**given)  # type: ignore[arg-type]  # each of its parameter's type


def test_a_director_may_follow_another_on_the_very_day() -> None:
    _post()


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"starts": date(2020, 2, 29)}, "valid_from"),  # one day beside the other
        ({"starts": date(2014, 12, 31)}, "valid_from"),  # before the founding
        ({"ended": date(2020, 3, 1)}, "valid_from"),  # after the end
        ({"ends": date(2020, 3, 1)}, "valid_to"),  # no day at all
    ],
)
def test_a_post_that_cannot_be_names_the_field(over: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as trouble:
        _post(**over)
    assert trouble.value.field == field


def test_two_deputies_stand_beside_each_other() -> None:
    _post(role="deputy", others=[(date(2018, 1, 1), date.max)])


@pytest.mark.parametrize(
    ("text", "value"), [("Có", True), ("x", True), ("không", False), ("", None), ("Chưa rõ", None)]
)
def test_a_cell_says_yes_no_or_nothing(text: str, value: bool | None) -> None:
    assert provider_columns.read_answer(text, "has_seal") is value


@pytest.mark.parametrize("value", [True, False, None])
def test_what_is_written_is_read_back(value: bool | None) -> None:
    assert provider_columns.read_answer(provider_columns.write_answer(value), "has_seal") is value


def test_degrees_take_a_comma_and_stay_in_the_country() -> None:
    assert provider_columns.read_degrees("10,01234", "latitude") == Decimal("10.01234")
    with pytest.raises(Invalid):
        provider_columns.read_degrees("10,01234", "longitude")
    with pytest.raises(Invalid):
        provider_columns.read_degrees("mười", "latitude")


def test_a_kind_is_read_by_its_name_without_marks_or_by_its_code() -> None:
    assert provider_columns.read_kind("Trung tam hoc tap cong dong") == "clc"
    assert provider_columns.read_kind("library") == "library"
    with pytest.raises(Invalid):
        provider_columns.read_kind("quán cà phê")
