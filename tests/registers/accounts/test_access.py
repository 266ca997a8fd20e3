"""May this user do this here? Asked of the cast."""

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.factories.accounts import make_administrator
from tests.factories.cast import TODAY, Cast, give, make_user

from hieuhoc.kernel.errors import Missing, Refused
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.models import Grant, User
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.places.models import Unit

REPORT, CONFIRM, READ = Permission.TASK_REPORT, Permission.TASK_CONFIRM, Permission.TASK_READ
DECIDE = Permission.OBSTACLE_DECIDE


@pytest.mark.parametrize(
    ("person", "permission", "place", "expected"),
    [
        ("an", REPORT, "commune", True),
        ("an", REPORT, "next_door", False),
        ("an", REPORT, "district", False),
        ("an", DECIDE, "commune", False),
        ("chi", READ, "commune", False),
        ("dung", REPORT, "commune", True),
        ("dung", CONFIRM, "next_door", True),
        ("dung", READ, "province", False),
        ("hanh", REPORT, "finance", True),
        ("hanh", READ, "education", False),
        ("binh", CONFIRM, "commune", True),
        ("minh", DECIDE, "finance", True),
        ("xuan", READ, "commune", True),
        ("xuan", REPORT, "commune", False),
        ("tri", Permission.USER_MANAGE, "commune", True),
        ("tri", REPORT, "commune", False),
        ("nobody", READ, "commune", False),
    ],
)
def test_what_the_cast_may_do_where(
    cast: Cast, person: str, permission: Permission, place: str, expected: bool
) -> None:
    assert access.may(cast.people[person], permission, at=getattr(cast, place)) is expected


def test_outside_ones_units_a_thing_is_missing_and_inside_them_a_deed_is_refused(cast: Cast) -> None:
    access.require(cast.an, REPORT, at=cast.commune)
    with pytest.raises(Refused):
        access.require(cast.an, DECIDE, at=cast.commune)
    with pytest.raises(Missing):
        access.require(cast.an, REPORT, at=cast.next_door)
    with pytest.raises(Missing):
        access.require(cast.nobody, READ, at=cast.commune)


def test_all_questions_of_one_user_cost_one_query(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    dung = User.objects.get(pk=cast.dung.pk)
    with django_assert_num_queries(1):
        for permission in Permission:
            access.may(dung, permission, at=cast.commune)
            access.scopes(dung, permission)
        access.home(dung)
        access.has(dung, REPORT)


def test_visible_keeps_to_the_units_of_the_user(cast: Cast) -> None:
    def seen(user: User) -> set[str]:
        return {unit.name for unit in access.visible(user, Unit.objects.all(), READ, unit="")}

    assert seen(cast.an) == {"Xã An Phú"}
    assert seen(cast.dung) == {"Huyện Bình Trung", "Xã An Phú", "Xã Chí Hòa"}
    assert seen(cast.binh) == set(Unit.objects.values_list("name", flat=True))
    assert seen(cast.nobody) == set()


def test_a_unit_whose_number_begins_alike_is_not_beneath(cast: Cast) -> None:
    # The path of unit 1 must not swallow that of unit 10, 11 …: each step ends with a stroke.
    assert cast.commune.path.startswith(cast.district.path)
    assert cast.district.path.endswith("/")


def test_a_role_holds_from_its_first_day_until_the_day_before_its_last(cast: Cast) -> None:
    user = make_user("thu", "Lê Thị Thu")
    grant = Grant.objects.create(
        user=user, role="reader", unit=cast.commune, valid_from=TODAY, valid_to=TODAY + timedelta(days=1)
    )
    assert access.has(user, READ)
    for start, end in ((TODAY + timedelta(days=1), None), (date(2020, 1, 1), TODAY)):
        Grant.objects.filter(pk=grant.pk).update(valid_from=start, valid_to=end)
        access.forget(user)
        assert not access.has(user, READ)


def test_a_locked_account_may_do_nothing(cast: Cast) -> None:
    cast.an.is_active = False
    assert not access.has(cast.an, READ)


def test_scopes_leave_out_what_lies_inside_another_of_them(cast: Cast) -> None:
    user = give(give(make_user("thu", "Lê Thị Thu"), "reader", cast.commune), "reader", cast.district)
    assert access.scopes(user, READ) == [cast.district]
    assert access.home(user) == cast.commune


def test_holders_are_those_who_work_nearest_first(cast: Cast) -> None:
    assert list(access.holders(REPORT, at=cast.commune)) == [cast.an, cast.dung]


def test_an_administrator_sees_the_people_of_their_own_units_only(cast: Cast) -> None:
    huyen = make_administrator(cast.district)
    assert set(access.users_seen(huyen)) == {cast.dung, cast.an, cast.hue, cast.lan, cast.chi, huyen}
    assert access.user_seen(huyen, cast.an.pk) == cast.an
    with pytest.raises(Missing):
        access.user_seen(huyen, cast.binh.pk)
    assert set(access.users_seen(cast.tri)) == set(User.objects.all())


def test_whoever_holds_a_role_elsewhere_too_is_not_managed_from_here(cast: Cast) -> None:
    huyen = make_administrator(cast.district)
    assert access.manages_all_of(huyen, cast.an)
    give(cast.an, "agency_officer", cast.finance)
    assert not access.manages_all_of(huyen, cast.an)
    with pytest.raises(Refused):
        access.require_all_of(huyen, cast.an)
    with pytest.raises(Missing):
        access.require_all_of(huyen, cast.hanh)
