"""Inviting, accepting, giving and ending roles, locking accounts: may, check, write, record, return."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.test import Client
from django.test.utils import override_settings
from tests.factories.accounts import make_administrator, make_invitation, secret_in_last_letter
from tests.factories.cast import SINCE, TODAY, Cast, give, make_user
from tests.factories.places import make_agency

from hieuhoc.foundation.outbox.models import Message
from hieuhoc.foundation.records import trail
from hieuhoc.foundation.records.models import Entry
from hieuhoc.kernel.errors import Conflict, Invalid, Missing, Refused
from hieuhoc.registers.accounts import access, selectors, services
from hieuhoc.registers.accounts.models import Grant, Invitation, User
from hieuhoc.registers.accounts.roles import Permission

GOOD = "mot-cau-that-dai-42"


def deeds(what: User | Invitation) -> list[str]:
    return [entry.deed for entry in trail.history(what)]


# ---- inviting ------------------------------------------------------------------------------------


def test_an_invitation_sends_a_letter_whose_link_opens_an_account_with_the_role(cast: Cast) -> None:
    invitation = make_invitation(cast.tri, cast.commune, email=" Moi@Example.vn ")
    letter = Message.objects.get()
    assert letter.to == "moi@example.vn"
    assert "Công chức cấp xã" in letter.body
    assert "Xã An Phú" in letter.body

    found = selectors.invitation_by_secret(services.digest_of(secret_in_last_letter()))
    user = services.accept_invitation(invitation=found, username="Moi.AnPhu", password=GOOD)

    assert authenticate(username="moi.anphu", password=GOOD) == user
    assert access.may(user, Permission.TASK_REPORT, at=cast.commune)
    invitation.refresh_from_db()
    assert (invitation.state, invitation.user) == ("accepted", user)
    assert deeds(invitation) == ["accounts.invitation.accept", "accounts.invitation.send"]
    assert deeds(user) == ["accounts.user.give_grant", "accounts.user.open"]


def test_the_secret_itself_is_kept_nowhere_but_in_the_letter(cast: Cast) -> None:
    invitation = make_invitation(cast.tri, cast.commune)
    secret = secret_in_last_letter()
    assert secret not in str(Invitation.objects.values().get(pk=invitation.pk))
    assert secret not in str(list(Entry.objects.values()))


def test_an_invitation_opens_once(cast: Cast) -> None:
    invitation = make_invitation(cast.tri, cast.commune)
    stale = Invitation.objects.get(pk=invitation.pk)
    services.accept_invitation(invitation=invitation, username="moi", password=GOOD)
    with pytest.raises(Missing):
        services.accept_invitation(invitation=invitation, username="moi2", password=GOOD)
    with pytest.raises(Conflict):
        services.accept_invitation(invitation=stale, username="moi3", password=GOOD)
    assert User.objects.filter(email="moi@example.vn").count() == 1


def test_an_invitation_runs_out_after_seven_days(cast: Cast) -> None:
    invitation = make_invitation(cast.tri, cast.commune)
    with override_settings(TODAY=TODAY + timedelta(days=6)):
        services.check_link(invitation, invitation.expires_at - timedelta(seconds=1))
    with override_settings(TODAY=TODAY + timedelta(days=8)), pytest.raises(Missing):
        services.accept_invitation(invitation=invitation, username="moi", password=GOOD)


def test_sending_again_closes_the_old_link(cast: Cast) -> None:
    invitation = make_invitation(cast.tri, cast.commune)
    old = secret_in_last_letter()
    services.send_invitation_again(by=cast.tri, invitation=invitation)
    with pytest.raises(Missing):
        selectors.invitation_by_secret(services.digest_of(old))
    assert selectors.invitation_by_secret(services.digest_of(secret_in_last_letter())) == invitation


def test_a_withdrawn_invitation_opens_no_longer(cast: Cast) -> None:
    invitation = services.withdraw_invitation(by=cast.tri, invitation=make_invitation(cast.tri, cast.commune))
    with pytest.raises(Missing):
        services.accept_invitation(invitation=invitation, username="moi", password=GOOD)
    with pytest.raises(Conflict):
        services.withdraw_invitation(by=cast.tri, invitation=invitation)
    with pytest.raises(Conflict):
        services.send_invitation_again(by=cast.tri, invitation=invitation)


def test_the_same_invitation_is_not_sent_twice(cast: Cast) -> None:
    make_invitation(cast.tri, cast.commune)
    with pytest.raises(Invalid) as caught:
        make_invitation(cast.tri, cast.commune)
    assert caught.value.field == "email"


def test_somebody_with_an_account_takes_one_more_role_and_nobody_else_does(cast: Cast) -> None:
    invitation = make_invitation(cast.tri, cast.next_door, email=cast.an.email.upper())
    with pytest.raises(Refused):
        services.accept_invitation_as(by=cast.chi, invitation=invitation)
    with pytest.raises(Conflict):
        services.accept_invitation(invitation=invitation, username="an2", password=GOOD)
    services.accept_invitation_as(by=cast.an, invitation=invitation)
    assert access.may(cast.an, Permission.TASK_REPORT, at=cast.next_door)


@pytest.mark.parametrize(
    ("username", "password", "field"),
    [
        ("an", GOOD, "username"),
        ("AN", GOOD, "username"),
        ("có dấu", GOOD, "username"),
        ("ab", GOOD, "username"),
        ("moi", "ngan", "password"),
        ("moi", "1234567890", "password"),
        ("moi", "nguyenvanmoi@example.vn", "password"),
    ],
)
def test_a_name_or_a_password_that_will_not_do_is_named(cast: Cast, username: str, password: str, field: str) -> None:
    invitation = make_invitation(cast.tri, cast.commune, email="nguyenvanmoi@example.vn")
    with pytest.raises(Invalid) as caught:
        services.accept_invitation(invitation=invitation, username=username, password=password)
    assert caught.value.field == field
    assert not User.objects.filter(email="nguyenvanmoi@example.vn").exists()


def test_only_who_manages_users_there_invites(cast: Cast) -> None:
    huyen = make_administrator(cast.district)
    make_invitation(huyen, cast.commune)
    with pytest.raises(Missing):
        make_invitation(huyen, cast.finance, role="agency_officer")
    with pytest.raises(Refused):
        make_invitation(cast.dung, cast.commune)
    with pytest.raises(Missing):
        make_invitation(cast.chi, cast.commune)


def test_the_first_administrator_is_invited_once(cast: Cast) -> None:
    province = cast.province
    with pytest.raises(Conflict):
        services.invite_first_administrator(by=trail.HOUSE, email="a@example.vn", full_name="A B", unit=province)
    Grant.objects.filter(user=cast.tri).update(valid_to=TODAY)
    link = services.invite_first_administrator(by=trail.HOUSE, email="a@example.vn", full_name="A B", unit=province)
    assert link.endswith(f"/accounts/invitation/{secret_in_last_letter()}/")


# ---- roles ---------------------------------------------------------------------------------------


def test_a_given_role_holds_at_once_and_leaves_a_line(cast: Cast) -> None:
    services.give_grant(by=cast.tri, user=cast.an, role="reader", unit=cast.district, valid_from=TODAY)
    assert access.may(cast.an, Permission.PLAN_READ, at=cast.next_door)
    entry = trail.history(cast.an)[0]
    assert (entry.deed, entry.actor, entry.changes["role"]) == (
        "accounts.user.give_grant",
        cast.tri.actor_key,
        [None, "reader"],
    )


@pytest.mark.parametrize(
    ("role", "place", "start", "end", "field"),
    [
        ("commune_clerk", "district", TODAY, None, "role"),
        ("province_leader", "commune", TODAY, None, "role"),
        ("king", "commune", TODAY, None, "role"),
        ("reader", "commune", TODAY, TODAY, "valid_to"),
        ("reader", "commune", date(1990, 1, 1), None, "valid_from"),
        ("commune_clerk", "commune", TODAY, None, "role"),
    ],
)
def test_a_role_that_cannot_be_given_says_why(
    cast: Cast, role: str, place: str, start: date, end: date | None, field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        services.give_grant(
            by=cast.tri, user=cast.an, role=role, unit=getattr(cast, place), valid_from=start, valid_to=end
        )
    assert caught.value.field == field


def test_the_same_role_may_follow_itself_but_not_overlap(cast: Cast) -> None:
    user = make_user("thu", "Lê Thị Thu")
    give_it: dict[str, Any] = {"by": cast.tri, "user": user, "role": "reader", "unit": cast.commune}
    services.give_grant(**give_it, valid_from=date(2020, 1, 1), valid_to=date(2020, 7, 1))
    services.give_grant(**give_it, valid_from=date(2020, 7, 1), valid_to=date(2021, 1, 1))
    with pytest.raises(Invalid):
        services.give_grant(**give_it, valid_from=date(2020, 12, 31))


def test_nobody_gives_or_ends_their_own_roles(cast: Cast) -> None:
    with pytest.raises(Refused):
        services.give_grant(by=cast.tri, user=cast.tri, role="province_leader", unit=cast.province, valid_from=TODAY)
    with pytest.raises(Refused):
        services.end_grant(by=cast.tri, grant=cast.tri.grants.get(), on=TODAY, why="nghỉ")


def test_an_administrator_gives_roles_only_inside_their_own_units(cast: Cast) -> None:
    huyen = make_administrator(cast.district)
    services.give_grant(by=huyen, user=cast.an, role="reader", unit=cast.next_door, valid_from=TODAY)
    with pytest.raises(Missing):
        services.give_grant(by=huyen, user=cast.an, role="reader", unit=cast.finance, valid_from=TODAY)
    with pytest.raises(Missing):
        services.give_grant(by=huyen, user=cast.an, role="reader", unit=cast.province, valid_from=TODAY)


def test_an_ended_role_holds_no_longer_and_stays_in_the_register(cast: Cast) -> None:
    grant = cast.an.grants.get()
    services.end_grant(by=cast.tri, grant=grant, on=TODAY, why="Chuyển công tác")
    assert not access.has(User.objects.get(pk=cast.an.pk), Permission.TASK_READ)
    grant.refresh_from_db()
    assert grant.valid_to == TODAY
    assert trail.history(cast.an)[0].why == "Chuyển công tác"


def test_a_role_given_by_mistake_today_is_taken_back_and_the_trail_keeps_it(cast: Cast) -> None:
    grant = services.give_grant(by=cast.tri, user=cast.an, role="reader", unit=cast.district, valid_from=TODAY)
    assert services.end_grant(by=cast.tri, grant=grant, on=TODAY, why="Nhầm đơn vị") is None
    assert not Grant.objects.filter(pk=grant.pk).exists()
    assert deeds(cast.an)[:2] == ["accounts.user.take_back_grant", "accounts.user.give_grant"]


def test_ending_needs_a_reason_and_a_day_before_the_end_that_is_set(cast: Cast) -> None:
    grant = cast.an.grants.get()
    with pytest.raises(Invalid) as caught:
        services.end_grant(by=cast.tri, grant=grant, on=TODAY, why="  ")
    assert caught.value.field == "why"
    services.end_grant(by=cast.tri, grant=grant, on=TODAY, why="nghỉ")
    with pytest.raises(Invalid) as later:
        services.end_grant(by=cast.tri, grant=grant, on=TODAY + timedelta(days=9), why="nghỉ")
    assert later.value.field == "on"


def test_of_two_who_end_the_same_role_one_is_told(cast: Cast) -> None:
    mine, theirs = cast.an.grants.get(), cast.an.grants.get()
    services.end_grant(by=cast.tri, grant=mine, on=TODAY, why="nghỉ")
    with pytest.raises(Conflict):
        services.end_grant(by=cast.tri, grant=theirs, on=TODAY + timedelta(days=1), why="nghỉ")


# ---- accounts --------------------------------------------------------------------------------------


def test_locking_ends_the_session_and_the_sign_in_until_unlocked(
    cast: Cast, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(cast.an)
    assert client.get("/accounts/profile/").status_code == 200
    services.suspend_user(by=cast.tri, user=cast.an, why="Mất điện thoại")
    assert client.get("/accounts/profile/").status_code == 302
    assert authenticate(username="an", password="mot-mat-khau-dai-9") is None
    services.restore_user(by=cast.tri, user=cast.an)
    assert authenticate(username="an", password="mot-mat-khau-dai-9") == cast.an
    assert deeds(cast.an)[:2] == ["accounts.user.restore", "accounts.user.suspend"]


def test_locking_is_refused_for_oneself_and_for_those_with_roles_elsewhere(cast: Cast) -> None:
    huyen = make_administrator(cast.district)
    give(cast.an, "agency_officer", cast.finance)
    for by, user in ((cast.tri, cast.tri), (huyen, cast.an), (cast.dung, cast.dung)):
        with pytest.raises(Refused):
            services.suspend_user(by=by, user=user, why="thử")
    with pytest.raises(Missing):
        services.suspend_user(by=cast.dung, user=cast.chi, why="thử")
    with pytest.raises(Missing):
        services.suspend_user(by=huyen, user=cast.binh, why="thử")


def test_locking_needs_a_reason_and_happens_once(cast: Cast) -> None:
    with pytest.raises(Invalid):
        services.suspend_user(by=cast.tri, user=cast.an, why="")
    services.suspend_user(by=cast.tri, user=cast.an, why="nghỉ")
    with pytest.raises(Conflict):
        services.suspend_user(by=cast.tri, user=cast.an, why="nghỉ")


def test_a_changed_profile_is_found_by_its_new_name(cast: Cast) -> None:
    given: dict[str, Any] = {
        "full_name": "Đặng  Thị Ánh",
        "title": "Phó Chủ tịch xã",
        "phone": "0912",
        "language": "en",
    }
    services.change_profile(by=cast.an, user=cast.an, **given)
    everybody, held = User.objects.all(), Grant.objects.all()
    assert list(selectors.people(everybody, held=held, on=TODAY, text="dang anh")) == [cast.an]
    assert trail.history(cast.an)[0].changes["full_name"] == ["Phạm Thị An", "Đặng Thị Ánh"]
    before = Entry.objects.count()
    services.change_profile(by=cast.an, user=cast.an, **given)
    assert Entry.objects.count() == before


def test_a_profile_is_changed_by_its_owner_or_who_manages_all_of_the_persons_roles(cast: Cast) -> None:
    given: dict[str, Any] = {"full_name": "Phạm Thị An", "title": "", "phone": "", "language": "vi"}
    services.change_profile(by=cast.tri, user=cast.an, **given)
    with pytest.raises(Missing):
        services.change_profile(by=cast.chi, user=cast.an, **given)
    with pytest.raises(Invalid) as caught:
        services.change_profile(by=cast.an, user=cast.an, **given | {"language": "xx"})
    assert caught.value.field == "language"


def test_people_are_sorted_by_given_name(cast: Cast) -> None:
    found = selectors.people(User.objects.all(), held=Grant.objects.all(), on=TODAY)
    assert [user.full_name.split()[-1] for user in found][:4] == ["An", "Bình", "Chi", "Dũng"]


def test_demonstration_accounts_exist_in_a_demonstration_only(cast: Cast) -> None:
    given: dict[str, Any] = {
        "by": trail.HOUSE,
        "email": "x@example.vn",
        "full_name": "X Y",
        "title": "",
        "username": "xy-demo",
    }
    with pytest.raises(Refused):
        services.open_demonstration_account(**given)
    with override_settings(DEMONSTRATION=True):
        user = services.open_demonstration_account(**given)
        services.give_first_grant(by=trail.HOUSE, user=user, role="reader", unit=cast.commune, valid_from=TODAY)
    assert not user.has_usable_password()
    assert [grant.user for grant in selectors.demonstration_accounts(on=TODAY)] == [user]


def test_one_address_has_one_account_however_it_is_written(cast: Cast) -> None:
    make_invitation(cast.tri, cast.commune, email="AN@EXAMPLE.VN")
    assert selectors.user_by_email("An@Example.Vn") == cast.an


# ---- units -----------------------------------------------------------------------------------------


def test_the_register_is_changed_only_inside_ones_own_units(cast: Cast) -> None:
    huyen = make_administrator(cast.district)
    unit = services.create_unit(
        by=huyen, name="Phòng Giáo dục", level="agency", kind="phong", parent=cast.district, valid_from=SINCE
    )
    given: dict[str, Any] = {
        "on": TODAY - timedelta(days=9),
        "name": "Phòng GD&ĐT",
        "short_name": "",
        "code": "",
        "document": "",
    }
    assert services.change_unit(by=huyen, unit=unit, **given).name == "Phòng GD&ĐT"
    with pytest.raises(Missing):
        services.end_unit(by=huyen, unit=cast.finance, on=TODAY, why="thử")
    with pytest.raises(Refused):
        services.end_unit(by=cast.dung, unit=unit, on=TODAY, why="thử")
    assert services.end_unit(by=huyen, unit=unit, on=TODAY, why="Sáp nhập").valid_to == TODAY


def test_a_role_is_not_given_at_a_unit_that_is_no_more(cast: Cast) -> None:
    unit = make_agency(cast.district, "Phòng Cũ", kind="phong")
    services.end_unit(by=cast.tri, unit=unit, on=TODAY, why="Giải thể")
    unit.refresh_from_db()
    with pytest.raises(Invalid) as caught:
        services.give_grant(by=cast.tri, user=cast.an, role="agency_officer", unit=unit, valid_from=TODAY)
    assert caught.value.field == "valid_from"
