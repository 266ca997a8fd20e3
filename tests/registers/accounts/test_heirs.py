"""Roles and invitations follow a reorganisation: each has one holder afterwards, and all of it can be taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.accounts import make_administrator, make_invitation
from tests.factories.cast import Cast, give, make_user
from tests.factories.places import make_agency, make_commune

from hieuhoc.foundation.records import trail
from hieuhoc.foundation.records.models import Entry
from hieuhoc.kernel.errors import Conflict, Missing, Refused
from hieuhoc.registers.accounts import access, services
from hieuhoc.registers.accounts.heirs import follower, spans_left
from hieuhoc.registers.accounts.models import Grant, Invitation, User
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.accounts.services.grants import write_grant
from hieuhoc.registers.places import services as places
from hieuhoc.registers.places.models import Unit
from hieuhoc.registers.places.services.following import Followed, Passing, Turn

DAY = date(2020, 7, 1)
LATER, LATEST = date(2021, 1, 1), date(2022, 1, 1)
READ, REPORT = Permission.TASK_READ, Permission.TASK_REPORT


@dataclass
class Merger:
    """An Phú and Chí Hòa have become Hòa Phú."""

    heir: Unit
    turn: Turn

    def follow(self) -> Followed:
        return follower.follow(by=trail.HOUSE, turn=self.turn)


def end(unit: Unit, heir: Unit) -> None:
    """What the reorganisation of places does to one unit."""
    places.end_unit(by=trail.HOUSE, unit=unit, on=DAY, why="Sắp xếp")
    Unit.objects.filter(pk=unit.pk).update(present_path=f"{heir.present_path}{unit.pk}/")
    unit.refresh_from_db()


def turn_of(olds: Sequence[Unit], heir: Unit, *, is_peer: bool = True) -> Turn:
    passings = {old.pk: Passing(unit=old.pk, heir=heir.pk, is_peer=is_peer, heirs=(heir.pk,)) for old in olds}
    return Turn(on=DAY, document="1/NQ-HĐND", passings=passings)


def merge(cast: Cast) -> Merger:
    heir = make_commune(cast.district, "Xã Hòa Phú", valid_from=DAY)
    for old in (cast.commune, cast.next_door):
        end(old, heir)
    return Merger(heir, turn_of([cast.commune, cast.next_door], heir))


def held(user: User, on: date) -> list[tuple[str, str]]:
    rows = Grant.objects.on(on).filter(user=user).order_by("pk")
    return [(grant.role, grant.unit.name) for grant in rows]


def test_a_role_goes_on_at_the_heir_from_the_day_on(cast: Cast) -> None:
    followed = merge(cast).follow()
    assert held(cast.an, DAY - timedelta(days=1)) == [("commune_clerk", "Xã An Phú")]
    assert held(cast.an, DAY) == [("commune_clerk", "Xã Hòa Phú")]
    assert held(cast.chi, DAY) == [("commune_clerk", "Xã Hòa Phú")]
    assert held(cast.dung, DAY) == [("district_officer", "Huyện Bình Trung")]
    assert {(line.sort, line.fate) for line in followed.lines} == {
        ("Vai trò", "giữ nguyên vai trò ở đơn vị kế thừa"),
    }
    assert Entry.objects.filter(deed="accounts.user.end_grant").count() == 4
    assert Entry.objects.filter(deed="accounts.user.give_grant", why__contains="1/NQ-HĐND").count() == 4
    assert trail.verify() is None


def test_somebody_of_both_predecessors_holds_the_role_once_with_the_later_end(cast: Cast) -> None:
    thu = make_user("thu", "Lê Thị Thu")
    for unit, until in ((cast.commune, LATER), (cast.next_door, LATEST)):
        write_grant(
            by=trail.HOUSE, user=thu, role="reader", unit=unit, valid_from=date(2020, 1, 1), valid_to=until, note=""
        )
    followed = merge(cast).follow()
    grant = Grant.objects.get(user=thu, valid_from=DAY)
    assert (grant.unit.name, grant.valid_to) == ("Xã Hòa Phú", LATEST)
    assert [line.fate for line in followed.lines if "Lê Thị Thu" in line.name] == [
        "giữ nguyên vai trò ở đơn vị kế thừa",
        "nhập vào vai trò đã có ở đơn vị kế thừa",
    ]


def test_what_the_person_holds_at_the_heir_already_is_not_given_again(cast: Cast) -> None:
    # An heir that stood before the day: the neighbour takes the whole of An's commune.
    write_grant(
        by=trail.HOUSE,
        user=cast.an,
        role="commune_clerk",
        unit=cast.next_door,
        valid_from=date(2020, 1, 1),
        valid_to=LATER,
        note="",
    )
    end(cast.commune, cast.next_door)
    follower.follow(by=trail.HOUSE, turn=turn_of([cast.commune], cast.next_door))
    for day in (DAY, LATER, LATEST):
        assert held(cast.an, day) == [("commune_clerk", "Xã Chí Hòa")]


def test_a_role_that_has_not_begun_begins_at_the_heir(cast: Cast) -> None:
    thu = make_user("thu", "Lê Thị Thu")
    Grant.objects.create(user=thu, role="commune_clerk", unit=cast.commune, valid_from=LATER)
    merge(cast).follow()
    assert held(thu, DAY) == []
    assert held(thu, LATER) == [("commune_clerk", "Xã Hòa Phú")]
    assert not Grant.objects.filter(user=thu, unit=cast.commune).exists()


def test_a_role_that_ended_before_the_day_stays_as_it_was(cast: Cast) -> None:
    Grant.objects.filter(user=cast.an).update(valid_to=DAY)
    merge(cast).follow()
    assert held(cast.an, DAY) == []


def test_without_a_peer_the_role_becomes_the_readers_at_the_ended_unit(cast: Cast) -> None:
    heir = cast.province
    for one in (cast.commune, cast.next_door, cast.district):
        end(one, heir)
    huyen = make_administrator(cast.district, "huyen")
    turn = turn_of([cast.district], heir, is_peer=False)
    followed = follower.follow(by=trail.HOUSE, turn=turn)
    assert held(cast.dung, DAY) == [("reader", "Huyện Bình Trung")]
    assert held(huyen, DAY) == [("reader", "Huyện Bình Trung")]
    assert {line.heir for line in followed.lines} == {None}
    dung = User.objects.get(pk=cast.dung.pk)
    assert access.may(dung, READ, at=cast.district)
    assert access.may(dung, READ, at=cast.commune)
    assert not access.may(dung, REPORT, at=cast.district)
    assert not access.has(huyen, Permission.USER_MANAGE)


def test_a_reader_of_an_abolished_district_is_left_in_peace(cast: Cast) -> None:
    thu = give(make_user("thu", "Lê Thị Thu"), "reader", cast.district)
    for one in (cast.commune, cast.next_door, cast.district):
        end(one, cast.province)
    grant = Grant.objects.get(user=thu)
    follower.follow(by=trail.HOUSE, turn=turn_of([cast.district], cast.province, is_peer=False))
    assert Grant.objects.get(user=thu).valid_from == grant.valid_from


def test_the_heirs_people_see_what_was_the_predecessors_and_the_old_neighbour_nothing_more(cast: Cast) -> None:
    merge(cast).follow()
    an, chi = User.objects.get(pk=cast.an.pk), User.objects.get(pk=cast.chi.pk)
    for user in (an, chi):
        for unit in (cast.commune, cast.next_door):
            access.require(user, REPORT, at=Unit.objects.get(pk=unit.pk))
        seen = access.visible(user, Unit.objects.all(), READ, unit="")
        assert {unit.name for unit in seen} == {"Xã Hòa Phú", "Xã An Phú", "Xã Chí Hòa"}
    ended = Unit.objects.get(pk=cast.commune.pk)
    assert list(access.holders(REPORT, at=ended)) == [an, chi, cast.dung]
    assert access.people_near(REPORT, units=[ended]) == {ended.pk: [an, chi]}
    with pytest.raises(Missing):
        access.require(an, REPORT, at=cast.finance)
    with pytest.raises(Refused):
        access.require(an, Permission.OBSTACLE_DECIDE, at=ended)


# ---- invitations -------------------------------------------------------------------------------------


def test_an_invitation_goes_to_the_heir_and_can_be_accepted_there(cast: Cast) -> None:
    invitation = make_invitation(cast.tri, cast.commune, valid_from=date(2020, 3, 1))
    merge(cast).follow()
    invitation.refresh_from_db()
    assert (invitation.unit.name, invitation.valid_from, invitation.state) == ("Xã Hòa Phú", DAY, "sent")
    moi = services.accept_invitation(invitation=invitation, username="moi", password="mot-mat-khau-dai-9")
    assert held(moi, DAY) == [("commune_clerk", "Xã Hòa Phú")]


def test_of_two_invitations_that_meet_one_is_withdrawn(cast: Cast) -> None:
    make_invitation(cast.tri, cast.commune)
    make_invitation(cast.tri, cast.next_door)
    merge(cast).follow()
    assert list(Invitation.objects.order_by("pk").values_list("state", flat=True)) == ["sent", "withdrawn"]


def test_without_a_peer_an_invitation_is_withdrawn(cast: Cast) -> None:
    invitation = make_invitation(cast.tri, cast.district, role="district_officer")
    for one in (cast.commune, cast.next_door, cast.district):
        end(one, cast.province)
    followed = follower.follow(by=trail.HOUSE, turn=turn_of([cast.district], cast.province, is_peer=False))
    invitation.refresh_from_db()
    assert invitation.state == "withdrawn"
    assert [line.fate for line in followed.lines if line.sort == "Thư mời"] == ["thu hồi"]


# ---- taking it back ----------------------------------------------------------------------------------


def _everything() -> list[tuple[object, ...]]:
    grants = Grant.objects.order_by("pk").values_list("pk", "user", "role", "unit", "valid_from", "valid_to", "note")
    letters = Invitation.objects.order_by("pk").values_list("pk", "unit", "state", "valid_from", "valid_to")
    return [*grants, *letters]


def test_everything_is_as_before_when_it_is_taken_back(cast: Cast) -> None:
    thu = make_user("thu", "Lê Thị Thu")
    Grant.objects.create(user=thu, role="commune_clerk", unit=cast.commune, valid_from=LATER, valid_to=LATEST)
    make_invitation(cast.tri, cast.commune)
    make_invitation(cast.tri, cast.next_door)
    before = _everything()
    merger = merge(cast)
    journal = merger.follow().journal
    assert _everything() != before
    follower.take_back(by=trail.HOUSE, turn=merger.turn, journal=journal)
    assert _everything() == before
    assert Entry.objects.filter(deed="accounts.user.restore_grant").count() == 5
    assert trail.verify() is None


@pytest.mark.parametrize("touched", ["closed", "given", "gone", "letter", "built"])
def test_what_was_changed_since_stops_it(cast: Cast, touched: str) -> None:
    invitation = make_invitation(cast.tri, cast.commune)
    merger = merge(cast)
    journal = merger.follow().journal
    grant = Grant.objects.get(user=cast.an, unit=merger.heir)
    if touched == "closed":
        Grant.objects.filter(user=cast.an, unit=cast.commune).update(valid_to=date(2020, 6, 1))
    elif touched == "given":
        services.end_grant(by=cast.tri, grant=grant, on=date(2020, 12, 1), why="Nghỉ việc")
    elif touched == "gone":
        grant.delete()
    elif touched == "letter":
        invitation.refresh_from_db()
        services.withdraw_invitation(by=cast.tri, invitation=invitation)
    else:
        give(make_user("thu", "Lê Thị Thu"), "reader", merger.heir, since=DAY)
    before = _everything()
    with pytest.raises(Conflict):
        follower.take_back(by=trail.HOUSE, turn=merger.turn, journal=journal)
    assert _everything() == before


# ---- how much it asks --------------------------------------------------------------------------------


def test_it_asks_as_often_for_twenty_people_as_for_two(cast: Cast) -> None:
    def asked(people: int) -> int:
        for number in range(people):
            old = cast.commune if number % 2 else cast.next_door
            give(make_user(f"nguoi-{number}", "Người Thứ Mấy"), "reader", old)
        merger = merge(cast)
        with CaptureQueriesContext(connection) as few:
            journal = merger.follow().journal
            follower.take_back(by=trail.HOUSE, turn=merger.turn, journal=journal)
        return len(few)

    savepoint = connection.savepoint()
    first = asked(2)
    connection.savepoint_rollback(savepoint)
    cast.commune.refresh_from_db()
    cast.next_door.refresh_from_db()
    assert asked(20) == first <= 30


def test_an_agency_passes_its_people_to_the_agency_that_succeeds_it(cast: Cast) -> None:
    heir = make_agency(cast.province, "Sở Tài chính và Kế hoạch", valid_from=DAY)
    end(cast.finance, heir)
    follower.follow(by=trail.HOUSE, turn=turn_of([cast.finance], heir))
    assert held(cast.hanh, DAY) == [("agency_officer", "Sở Tài chính và Kế hoạch")]


@pytest.mark.parametrize(
    ("wanted", "taken", "left"),
    [
        ([(DAY, None)], [], [(DAY, None)]),
        ([(DAY, None), (DAY, LATER)], [], [(DAY, None)]),
        ([(DAY, LATER), (LATER, LATEST)], [], [(DAY, LATEST)]),
        ([(DAY, None)], [(DAY, None)], []),
        ([(DAY, None)], [(date(2019, 1, 1), LATER)], [(LATER, None)]),
        ([(DAY, None)], [(LATER, LATEST)], [(DAY, LATER), (LATEST, None)]),
        ([(DAY, LATER)], [(LATER, None)], [(DAY, LATER)]),
    ],
)
def test_each_day_is_given_once(
    wanted: list[tuple[date, date | None]],
    taken: list[tuple[date, date | None]],
    left: list[tuple[date, date | None]],
) -> None:
    assert spans_left(wanted, taken) == left
