"""What do I owe, by when, is it done: never vanishing, the most urgent first, and nothing of next door."""

from datetime import date, timedelta

import pytest
from tests.factories import places as factory
from tests.factories.cast import Cast
from tests.factories.indicators import month
from tests.factories.reorganisations import carry_out, make_event
from tests.factories.reports import hand_in, make_kind, make_round, report_of

from hieuhoc.kernel.errors import Missing
from hieuhoc.registers.accounts.models import User
from hieuhoc.reports import selectors, services
from hieuhoc.reports.models import Round

pytestmark = pytest.mark.django_db

TODAY = date(2020, 11, 16)


@pytest.fixture
def turns(cast: Cast) -> list[Round]:
    """September, October and November of reports."""
    kind = make_kind(cast)
    return [make_round(cast, kind, period=month(2020, number)) for number in (9, 10, 11)]


def standings(user: User, *, on: date = TODAY) -> list[tuple[str, str, str]]:
    return [(one.unit.name, one.round.period.key, standing) for one, standing in selectors.owed(user, on=on)]


def test_late_reports_come_first_and_never_go_away(cast: Cast, turns: list[Round]) -> None:
    name = cast.commune.name
    assert standings(cast.an) == [
        (name, "2020-09", "overdue"),
        (name, "2020-10", "overdue"),
        (name, "2020-11", "due"),
    ]
    assert [standing for *_rest, standing in standings(cast.an, on=date(2022, 1, 1))] == ["overdue"] * 3


def test_what_is_handed_in_stays_in_the_list_with_its_standing(cast: Cast, turns: list[Round]) -> None:
    hand_in(cast.an, report_of(turns[0], cast.commune))
    hand_in(cast.an, report_of(turns[1], cast.commune))
    services.approve(by=cast.dung, submission=report_of(turns[0], cast.commune))
    services.send_back(by=cast.dung, submission=report_of(turns[1], cast.commune), why="Sai")
    assert [(key, standing) for _name, key, standing in standings(cast.an)] == [
        ("2020-10", "returned"),
        ("2020-11", "due"),
        ("2020-09", "approved"),
    ]
    assert selectors.owed_counts(cast.an, on=TODAY) == {"returned": 1, "due": 1, "approved": 1}


def test_everybody_owes_the_reports_of_their_own_unit_alone(cast: Cast, turns: list[Round]) -> None:
    assert {name for name, *_rest in standings(cast.an)} == {cast.commune.name}
    assert {name for name, *_rest in standings(cast.dung)} == {cast.district.name}
    assert {name for name, *_rest in standings(cast.binh)} == {cast.province.name}
    assert standings(cast.xuan) == []
    assert standings(cast.nobody) == []


def test_next_door_a_report_does_not_exist(cast: Cast, turns: list[Round]) -> None:
    report = report_of(turns[2], cast.commune)
    assert selectors.submission_by_key(cast.an, report.pk) == report
    assert selectors.submission_by_key(cast.xuan, report.pk) == report
    for outsider in (cast.chi, cast.hanh, cast.nobody):
        with pytest.raises(Missing):
            selectors.submission_by_key(outsider, report.pk)


def test_an_extension_moves_the_day_and_the_standing(cast: Cast, turns: list[Round]) -> None:
    report = report_of(turns[1], cast.commune)
    services.extend(by=cast.dung, submission=report, to=TODAY + timedelta(days=20), why="Bão")
    assert standings(cast.an)[-1] == (cast.commune.name, "2020-10", "not_yet_due")


def test_the_list_is_narrowed_and_sorted(cast: Cast, turns: list[Round]) -> None:
    assert [one.round for one, _standing in selectors.owed(cast.an, on=TODAY, standing="due")] == [turns[2]]
    assert [one.round for one, _standing in selectors.owed(cast.an, on=TODAY, sort="-due")] == turns[::-1]
    assert len(selectors.owed(cast.an, on=TODAY, q="báo cáo tháng")) == 3
    assert selectors.owed(cast.an, on=TODAY, q="không có") == []


def test_after_saving_the_next_one_is_at_hand(cast: Cast, turns: list[Round]) -> None:
    first = report_of(turns[0], cast.commune)
    following = selectors.next_owed(cast.an, after=first, on=TODAY)
    assert following is not None
    assert following.round == turns[1]


def test_what_waits_for_ones_word_is_of_the_units_right_beneath_and_never_ones_own(
    cast: Cast, turns: list[Round]
) -> None:
    hand_in(cast.an, report_of(turns[2], cast.commune))
    assert [one.unit for one in selectors.to_review(cast.dung)] == [cast.commune]
    assert list(selectors.to_review(cast.an)) == []
    hand_in(cast.dung, report_of(turns[2], cast.next_door))
    assert [one.unit for one in selectors.to_review(cast.dung)] == [cast.commune]


def test_one_entry_says_how_many_forms_it_feeds(cast: Cast, turns: list[Round]) -> None:
    report = report_of(turns[2], cast.commune)
    assert selectors.fed_by(cast.an, report)["ttc.lop"] == 1


def test_a_report_of_the_old_map_is_owed_by_the_heirs_people_until_it_is_handed_in(
    cast: Cast, turns: list[Round]
) -> None:
    """The period ended before the merger of 1 November, or on a later day: the first stays, the second is joined."""
    carry_out(cast, make_event(cast))
    for user in (cast.an, cast.chi):
        user = User.objects.get(pk=user.pk)
        told = {(name, key): standing for name, key, standing in standings(user)}
        assert told["Xã Hòa Phú", "2020-11"] == "due"
        assert told[cast.commune.name, "2020-10"] == "overdue"
        assert (cast.commune.name, "2020-11") not in told
    clerk = User.objects.get(pk=cast.chi.pk)
    hand_in(clerk, report_of(turns[1], cast.commune))
    assert (cast.commune.name, "2020-10") not in {(name, key) for name, key, _standing in standings(clerk)}
    assert report_of(turns[1], cast.commune).state == "submitted"


def test_a_unit_without_reports_owes_none(cast: Cast) -> None:
    factory.make_commune(cast.district, "Xã Lẻ")
    assert standings(cast.an) == []
