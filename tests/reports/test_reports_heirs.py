"""What of the reports follows a reorganisation, and that it can be put back exactly."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client
from tests.factories import places as factory
from tests.factories.cast import Cast
from tests.factories.indicators import make_indicator, month
from tests.factories.reorganisations import carry_out, heir, make_event

from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Conflict
from hieuhoc.registers.indicators import services as indicators
from hieuhoc.registers.places.models import Unit
from hieuhoc.registers.places.services import Followed, Passing, Turn
from hieuhoc.reports import access, services, states
from hieuhoc.reports.heirs import JOINED, STAYS, follower
from hieuhoc.reports.models import Figure, Form, FormVersion, Narrative, ReportKind, Round, Submission
from hieuhoc.reports.services import Given

pytestmark = pytest.mark.django_db

ON = date(2020, 11, 16)
LAYOUT: dict[str, Any] = {
    "sections": [
        {
            "key": "kq",
            "heading": "Kết quả",
            "blocks": [
                {"type": "figures", "key": "ttc", "label": "Lớp", "cells": [{"key": "lop", "indicator": "CLC.TEST"}]},
                {"type": "narrative", "key": "chung", "label": "Đánh giá"},
                {"type": "choice", "key": "muc", "label": "Mức", "options": [["dat", "Đạt"], ["chua", "Chưa đạt"]]},
            ],
        }
    ],
    "checks": [],
}


@pytest.fixture
def taking(cast: Cast) -> Unit:
    """A commune that stands already and takes both others over."""
    return factory.make_commune(cast.district, "Xã An Hòa")


@pytest.fixture
def kind(cast: Cast) -> ReportKind:
    make_indicator("CLC.TEST", measure="class")
    form = Form.objects.create(code="thu", name="Biểu thử", owner=cast.education)
    FormVersion.objects.create(form=form, number=1, layout=LAYOUT, state="in_force", put_in_force_at=clock.now())
    return ReportKind.objects.create(
        code="thu",
        name="Báo cáo thử",
        category="periodic",
        form=form,
        root=cast.province,
        recipient=cast.education,
        calendar="closing",
        rhythm="month",
        levels=["commune", "district"],
        sending={"commune": 3, "district": 6},
        subject="Thử",
        valid_from=date(2020, 1, 1),
    )


def a_round(cast: Cast, kind: ReportKind, number: int = 12) -> Round:
    return services.open_round(by=cast.binh, kind=kind, period=month(2020, number))


def of(one: Round, unit: Unit) -> Submission:
    return Submission.objects.get(round=one, unit=unit)


def fill(user: Any, submission: Submission, number: int, words: str = "", choice: str = "") -> None:
    submission.refresh_from_db()
    told = {key: text for key, text in (("chung", words), ("muc", choice)) if text}
    services.fill(
        by=user,
        submission=submission,
        figures={"ttc.lop": Given(number)},
        narratives=told,
        edition=submission.edition,
    )


def turn(*pairs: tuple[Unit, Unit], is_peer: bool = True, on: date = ON) -> Turn:
    return Turn(on, "Nghị quyết 9", {old.pk: Passing(old.pk, new.pk, is_peer=is_peer) for old, new in pairs})


def merge(cast: Cast, into: Unit) -> Turn:
    return turn((cast.commune, into), (cast.next_door, into))


def rows() -> list[Any]:
    """Everything that a follower may change."""
    return [
        list(Submission.objects.order_by("pk").values_list("pk", "unit__key", "state", "joined_into", "edition")),
        list(Figure.objects.order_by("submission", "key").values_list("submission", "key", "stated", "reason")),
        list(Narrative.objects.order_by("submission", "key").values_list("submission", "key", "text")),
        list(ReportKind.objects.order_by("pk").values_list("pk", "recipient", "agencies")),
    ]


def follow(told: Turn) -> Followed:
    return follower.follow(by=trail.HOUSE, turn=told)


def test_the_open_reports_of_communes_that_merge_become_one_with_the_sum_of_what_they_stated(
    cast: Cast, kind: ReportKind, taking: Unit
) -> None:
    one = a_round(cast, kind)
    fill(cast.an, of(one, cast.commune), 4, words="An Phú mở lớp.", choice="dat")
    fill(cast.chi, of(one, cast.next_door), 5, words="Chí Hòa mở lớp.", choice="dat")
    follow(merge(cast, taking))
    kept = of(one, taking)
    assert kept.state == "draft"
    figure = kept.figures.get(key="ttc.lop")
    assert figure.stated == 9
    assert figure.reason == "Cộng từ: Xã An Hòa chưa có; Xã An Phú 4; Xã Chí Hòa 5"
    assert kept.narratives.get(key="chung").text == "Xã An Phú:\nAn Phú mở lớp.\n\nXã Chí Hòa:\nChí Hòa mở lớp."
    assert kept.narratives.get(key="muc").text == "dat"
    assert set(kept.joined.values_list("unit", "state")) == {
        (cast.commune.pk, "joined"),
        (cast.next_door.pk, "joined"),
    }
    assert trail.verify() is None


def test_a_new_heir_gets_a_report_of_its_own_due_when_the_last_of_them_was(cast: Cast, kind: ReportKind) -> None:
    one = a_round(cast, kind)
    first = of(one, cast.commune)
    services.extend(by=cast.dung, submission=first, to=first.due_on + timedelta(days=9), why="Bão")
    fill(cast.an, first, 4)
    fresh = factory.make_commune(cast.district, "Xã Mới", valid_from=ON)
    follow(merge(cast, fresh))
    kept = of(one, fresh)
    assert (kept.state, kept.level, kept.due_on) == ("draft", "commune", first.due_on + timedelta(days=9))
    assert kept.figures.get().stated == 4
    assert "Xã Chí Hòa chưa có" in kept.figures.get().reason


def test_where_nobody_had_begun_the_heirs_report_is_empty_and_unknown_is_no_zero(cast: Cast, kind: ReportKind) -> None:
    one = a_round(cast, kind)
    fresh = factory.make_commune(cast.district, "Xã Mới", valid_from=ON)
    follow(merge(cast, fresh))
    assert of(one, fresh).state == "waiting"
    assert not of(one, fresh).figures.exists()


def test_what_was_handed_in_stays_and_the_heir_reports_for_all(cast: Cast, kind: ReportKind, taking: Unit) -> None:
    one = a_round(cast, kind)
    fill(cast.an, of(one, cast.commune), 4)
    services.submit(by=cast.an, submission=of(one, cast.commune))
    fill(cast.chi, of(one, cast.next_door), 5)
    follow(merge(cast, taking))
    assert of(one, cast.commune).state == "submitted"
    assert of(one, cast.next_door).state == "joined"
    assert of(one, taking).figures.get().stated == 9


def test_an_heir_that_had_handed_in_keeps_its_report_and_the_lines_say_so(
    cast: Cast, kind: ReportKind, taking: Unit
) -> None:
    one = a_round(cast, kind)
    fill(cast.dung, of(one, taking), 7)
    services.submit(by=cast.dung, submission=of(one, taking))
    fill(cast.an, of(one, cast.commune), 4)
    done = follow(merge(cast, taking))
    assert of(one, taking).state == "submitted"
    assert of(one, taking).figures.get().stated == 7
    assert {(line.fate, line.detail) for line in done.lines} == {(JOINED, "Đã nộp")}


def test_a_report_for_a_period_of_the_old_map_stays_and_its_heir_may_hand_it_in(
    cast: Cast, kind: ReportKind, taking: Unit
) -> None:
    one = a_round(cast, kind, 11)  # ended on 14 November, two days before
    before = rows()
    done = follow(merge(cast, taking))
    assert rows() == before
    assert {line.fate for line in done.lines} == {STAYS}
    assert of(one, cast.commune).state in states.OWED


def test_a_level_that_ends_is_asked_no_longer(cast: Cast, kind: ReportKind) -> None:
    one = a_round(cast, kind)
    follow(turn((cast.district, cast.province), is_peer=False))
    assert of(one, cast.district).state == "cancelled"
    assert not Submission.objects.filter(round=one, unit=cast.province).exists()


def test_closed_rounds_are_left_alone(cast: Cast, kind: ReportKind, taking: Unit) -> None:
    one = a_round(cast, kind)
    services.close_round(by=cast.binh, round=one)
    before = rows()
    assert follow(merge(cast, taking)).lines == []
    assert rows() == before


def test_a_regime_goes_on_to_name_the_heir_of_whoever_receives_and_reports(cast: Cast, kind: ReportKind) -> None:
    kind.agencies.set([cast.finance])
    fresh = factory.make_agency(cast.province, "Sở Mới")
    before = rows()
    told = turn((cast.education, fresh), (cast.finance, fresh))
    done = follow(told)
    kind.refresh_from_db()
    assert (kind.recipient, list(kind.agencies.all())) == (fresh, [fresh])
    follower.take_back(by=trail.HOUSE, turn=told, journal=done.journal)
    assert rows() == before


def test_taken_back_everything_is_as_it_was(cast: Cast, kind: ReportKind, taking: Unit) -> None:
    one = a_round(cast, kind)
    fill(cast.an, of(one, cast.commune), 4, words="Một.")
    fill(cast.dung, of(one, taking), 1, words="Hai.", choice="chua")
    before = rows()
    told = merge(cast, taking)
    done = follow(told)
    assert of(one, taking).figures.get().stated == 5
    follower.take_back(by=trail.HOUSE, turn=told, journal=done.journal)
    assert rows() == before


def test_a_report_that_was_made_for_the_heir_goes_when_the_event_is_taken_back(cast: Cast, kind: ReportKind) -> None:
    one = a_round(cast, kind)
    fill(cast.an, of(one, cast.commune), 4)
    before = rows()
    fresh = factory.make_commune(cast.district, "Xã Mới", valid_from=ON)
    done = follow(merge(cast, fresh))
    follower.take_back(by=trail.HOUSE, turn=merge(cast, fresh), journal=done.journal)
    assert rows() == before
    assert trail.verify() is None


def test_what_passes_twice_ends_with_the_last_heir_and_comes_back_step_by_step(
    cast: Cast, kind: ReportKind, taking: Unit
) -> None:
    one = a_round(cast, kind)
    fill(cast.an, of(one, cast.commune), 4)
    before = rows()
    last = factory.make_commune(cast.district, "Xã Cuối Cùng", valid_from=ON)
    first = follow(merge(cast, taking))
    between = rows()
    second = follow(turn((taking, last)))
    assert of(one, last).figures.get().stated == 4
    assert of(one, taking).joined_into == of(one, last)
    follower.take_back(by=trail.HOUSE, turn=turn((taking, last)), journal=second.journal)
    assert rows() == between
    follower.take_back(by=trail.HOUSE, turn=merge(cast, taking), journal=first.journal)
    assert rows() == before


@pytest.mark.parametrize("deed", ["fill", "comment", "submit"])
def test_once_the_heir_has_gone_on_the_event_cannot_be_taken_back(
    cast: Cast, kind: ReportKind, taking: Unit, deed: str
) -> None:
    one = a_round(cast, kind)
    fill(cast.an, of(one, cast.commune), 4)
    done = follow(merge(cast, taking))
    kept = of(one, taking)
    if deed == "fill":
        fill(cast.dung, kept, 6)
    elif deed == "submit":
        services.submit(by=cast.dung, submission=kept)
    else:
        services.comment(by=cast.dung, submission=kept, key="", text="Xem lại.")
    after = rows()
    with pytest.raises(Conflict, match="không thể lùi"):
        follower.take_back(by=trail.HOUSE, turn=merge(cast, taking), journal=done.journal)
    assert rows() == after


@pytest.mark.parametrize("is_handed_in", [False, True])
def test_a_report_that_the_heir_began_after_the_event_speaks_against_taking_it_back(
    cast: Cast, kind: ReportKind, taking: Unit, is_handed_in: bool
) -> None:
    one = a_round(cast, kind)
    done = follow(merge(cast, taking))
    fill(cast.dung, of(one, taking), 6)
    if is_handed_in:
        services.submit(by=cast.dung, submission=of(one, taking))
    after = rows()
    with pytest.raises(Conflict, match="không thể lùi"):
        follower.take_back(by=trail.HOUSE, turn=merge(cast, taking), journal=done.journal)
    assert rows() == after


def test_an_heirs_report_that_is_only_approved_since_does_not(cast: Cast, kind: ReportKind, taking: Unit) -> None:
    one = a_round(cast, kind)
    fill(cast.dung, of(one, taking), 6)
    services.submit(by=cast.dung, submission=of(one, taking))
    done = follow(merge(cast, taking))
    services.approve(by=cast.binh, submission=of(one, taking))
    follower.take_back(by=trail.HOUSE, turn=merge(cast, taking), journal=done.journal)
    assert of(one, taking).state == "approved"
    assert {of(one, unit).state for unit in (cast.commune, cast.next_door)} == {"waiting"}


def test_a_paper_noted_on_the_heirs_new_report_speaks_against_taking_it_back(cast: Cast, kind: ReportKind) -> None:
    one = a_round(cast, kind)
    fresh = factory.make_commune(cast.district, "Xã Mới", valid_from=ON)
    done = follow(merge(cast, fresh))
    services.note_paper(by=cast.dung, submission=of(one, fresh), paper={"number": "5"})
    with pytest.raises(Conflict, match="không thể lùi"):
        follower.take_back(by=trail.HOUSE, turn=merge(cast, fresh), journal=done.journal)
    assert of(one, fresh).paper == {"number": "5"}


def test_the_whole_event_lets_the_heirs_clerk_report_and_its_facts_count(cast: Cast, kind: ReportKind) -> None:
    one = a_round(cast, kind)
    fill(cast.an, of(one, cast.commune), 4)
    fill(cast.chi, of(one, cast.next_door), 5)
    event = make_event(cast)
    carry_out(cast, event)
    kept = of(one, heir())
    services.submit(by=cast.dung, submission=kept)
    found = [one for one in indicators.prove() if isinstance(one, indicators.Difference)]
    assert found == []
    kept.refresh_from_db()
    assert kept.state == "submitted"


def handed_in_before_the_event(cast: Cast, kind: ReportKind, number: int) -> Submission:
    """A report of a commune that has ended since; the period of December goes on, that of October was over."""
    one = a_round(cast, kind, number)
    fill(cast.an, of(one, cast.commune), 4)
    services.submit(by=cast.an, submission=of(one, cast.commune))
    carry_out(cast, make_event(cast))
    return of(one, cast.commune)


@pytest.mark.parametrize("deed", ["withdraw", "return"])
def test_what_an_ended_unit_handed_in_for_a_period_that_goes_on_is_not_taken_back_for_nobody_could_mend_it(
    cast: Cast, kind: ReportKind, deed: str
) -> None:
    handed_in = handed_in_before_the_event(cast, kind, 12)
    assert deed not in access.possible_deeds(cast.dung, handed_in)
    act = partial(services.send_back, why="Sai số") if deed == "return" else services.withdraw
    with pytest.raises(Conflict, match="Số liệu của kỳ do “Xã Hòa Phú” báo cáo; cần sửa thì sửa trong"):
        act(by=cast.dung, submission=handed_in)
    handed_in.refresh_from_db()
    assert handed_in.state == "submitted"
    services.approve(by=cast.dung, submission=handed_in)


def test_what_an_ended_unit_handed_in_for_a_period_of_the_old_map_is_returned_and_mended_by_its_heirs_people(
    cast: Cast, kind: ReportKind
) -> None:
    handed_in = handed_in_before_the_event(cast, kind, 10)
    services.send_back(by=cast.dung, submission=handed_in, why="Sai số")
    fill(cast.an, handed_in, 6)
    services.submit(by=cast.an, submission=of(handed_in.round, cast.commune))
    assert list(indicators.prove()) == []


def test_an_ended_unit_is_not_asked_again_for_a_period_that_goes_on(cast: Cast, kind: ReportKind) -> None:
    one = a_round(cast, kind)
    services.excuse(by=cast.dung, submission=of(one, cast.commune), why="Bão")
    carry_out(cast, make_event(cast))
    with pytest.raises(Conflict, match="đã kết thúc"):
        services.ask_again(by=cast.dung, submission=of(one, cast.commune), why="Đã nhầm")


def test_the_page_of_such_a_report_says_who_reports_now_and_offers_no_return(cast: Cast, kind: ReportKind) -> None:
    handed_in = handed_in_before_the_event(cast, kind, 12)
    client = Client()
    client.force_login(cast.dung)
    page = client.get(handed_in.get_absolute_url()).content.decode()
    assert "Số liệu của kỳ do “Xã Hòa Phú” báo cáo" in page
    assert "Trả lại kèm ý kiến" not in page
    assert "Duyệt báo cáo" in page
