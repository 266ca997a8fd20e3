"""Tokens: made once shown once, carrying their owner's roles, refused once withdrawn, expired or their owner locked."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.accounts import make_administrator
from tests.factories.cast import PASSWORD, Cast

from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Conflict, Invalid, Missing
from hieuhoc.registers.accounts import services
from hieuhoc.registers.accounts.models import AccessToken, User

OWN = "/api/v1/own"


def bearer(secret: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {secret}"})


def test_only_the_digest_of_a_secret_is_kept(an: User) -> None:
    token, secret = services.make_token(by=an, name="  Bảng   tổng hợp ")
    assert token.name == "Bảng tổng hợp"
    assert secret.startswith("hieuhoc_")
    assert secret not in str(AccessToken.objects.filter(pk=token.pk).values())
    assert services.token_digest(secret) == token.digest


def test_making_and_withdrawing_leave_their_trail(an: User) -> None:
    token, _secret = services.make_token(by=an, name="Bảng tổng hợp")
    services.withdraw_token(by=an, token=token)
    assert [line.deed for line in trail.history(token)] == ["accounts.token.withdraw", "accounts.token.make"]


def test_a_token_lasts_ninety_days_unless_said_otherwise(an: User) -> None:
    usual, _ = services.make_token(by=an, name="Bảng")
    short, _ = services.make_token(by=an, name="Bảng", days=30)
    assert usual.expires_at - usual.made_at == timedelta(days=90)
    assert short.expires_at - short.made_at == timedelta(days=30)
    with pytest.raises(Invalid):
        services.make_token(by=an, name="Bảng", days=100_000)


def test_a_token_needs_a_name(an: User) -> None:
    with pytest.raises(Invalid) as refused:
        services.make_token(by=an, name="  ")
    assert refused.value.field == "name"


def test_nobody_makes_tokens_without_end(an: User) -> None:
    for number in range(services.tokens.MOST_TOKENS):
        services.make_token(by=an, name=f"Mã {number}")
    with pytest.raises(Conflict):
        services.make_token(by=an, name="Một mã nữa")


def test_somebody_elses_token_cannot_be_withdrawn(an: User, chi: User) -> None:
    token, _secret = services.make_token(by=an, name="Bảng")
    with pytest.raises(Missing):
        services.withdraw_token(by=chi, token=token)


def test_a_token_is_withdrawn_once(an: User) -> None:
    token, _secret = services.make_token(by=an, name="Bảng")
    services.withdraw_token(by=an, token=token)
    with pytest.raises(Conflict):
        services.withdraw_token(by=an, token=token)


def test_a_token_says_whose_it_is_and_what_it_may_do(an: User, cast: Cast) -> None:
    _token, secret = services.make_token(by=an, name="Bảng", may_report=True)
    told = bearer(secret).get(OWN).json()
    assert told["owner"] == "Phạm Thị An"
    assert told["token"]["may_report"] is True
    assert [(one["role"], one["unit"]["id"]) for one in told["roles"]] == [("commune_clerk", cast.commune.key)]


def test_the_day_of_the_last_use_is_remembered(an: User) -> None:
    token, secret = services.make_token(by=an, name="Bảng")
    bearer(secret).get(OWN)
    token.refresh_from_db()
    assert token.used_on == clock.today()


def test_a_withdrawn_token_is_refused(an: User) -> None:
    token, secret = services.make_token(by=an, name="Bảng")
    assert bearer(secret).get(OWN).status_code == 200
    services.withdraw_token(by=an, token=token)
    assert bearer(secret).get(OWN).status_code == 401


def test_an_expired_token_is_refused(an: User) -> None:
    token, secret = services.make_token(by=an, name="Bảng")
    with clock.pinned(token.expires_at - timedelta(seconds=1)):
        assert bearer(secret).get(OWN).status_code == 200
    with clock.pinned(token.expires_at):
        answer = bearer(secret).get(OWN)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="hieuhoc", error="invalid_token"'


def test_the_token_of_a_locked_account_is_refused(an: User, cast: Cast) -> None:
    _token, secret = services.make_token(by=an, name="Bảng")
    services.suspend_user(by=make_administrator(cast.province), user=an, why="Đã chuyển công tác.")
    assert bearer(secret).get(OWN).status_code == 401


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer sai", "Basic YW46eA==", "Token abc", "Bearer \u00e1"]
)
def test_whoever_brings_no_token_is_told_which_scheme_to_use(header: str, db: None) -> None:
    answer = Client(headers={"Authorization": header} if header else {}).get(OWN)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith('Bearer realm="hieuhoc"')
    assert answer.json()["code"] == "no_token"


def test_being_signed_in_to_the_pages_is_no_token(signed_in: Callable[[User], Client], an: User) -> None:
    assert signed_in(an).get(OWN).status_code == 401


def test_a_token_in_the_address_is_no_token(an: User) -> None:
    _token, secret = services.make_token(by=an, name="Bảng")
    assert Client().get(OWN, {"token": secret, "access_token": secret}).status_code == 401


def test_a_token_opens_no_page(an: User) -> None:
    _token, secret = services.make_token(by=an, name="Bảng")
    assert bearer(secret).get("/accounts/profile/").status_code == 302


def test_the_session_in_the_same_browser_has_no_part_in_it(
    signed_in: Callable[[User], Client], an: User, chi: User
) -> None:
    _token, secret = services.make_token(by=an, name="Bảng")
    answer = signed_in(chi).get(OWN, headers={"Authorization": f"Bearer {secret}"})
    assert answer.json()["owner"] == "Phạm Thị An"


# ---- pages -----------------------------------------------------------------------------------------


@pytest.fixture
def browser_of_an(cast: Cast) -> Client:
    """An, who signed in with a password and was asked for it again just now."""
    client = Client()
    client.post(reverse("account_login"), {"login": "an", "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def test_whoever_has_a_password_is_asked_for_it_before_a_token_is_made(
    signed_in: Callable[[User], Client], an: User
) -> None:
    answer = signed_in(an).post(reverse("accounts:token-create"), {"name": "Bảng", "days": "90"})
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not AccessToken.objects.exists()


def test_the_secret_is_shown_once_and_works(browser_of_an: Client, an: User) -> None:
    answer = browser_of_an.post(reverse("accounts:token-create"), {"name": "Bảng", "days": "30", "may_report": "on"})
    secret = str(answer.context["secret"])
    assert secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert bearer(secret).get(OWN).json()["token"]["may_report"] is True
    listed = browser_of_an.get(reverse("accounts:token-list")).content.decode()
    assert "Bảng" in listed
    assert secret not in listed


def test_what_cannot_be_made_is_said_beside_the_field(browser_of_an: Client) -> None:
    answer = browser_of_an.post(reverse("accounts:token-create"), {"name": "", "days": "90"})
    assert answer.status_code == 422
    assert not AccessToken.objects.exists()


def test_the_list_tells_which_tokens_still_work(browser_of_an: Client, an: User) -> None:
    withdrawn, _ = services.make_token(by=an, name="Mã thu hồi")
    services.withdraw_token(by=an, token=withdrawn)
    with clock.pinned(clock.now() - timedelta(days=200)):
        services.make_token(by=an, name="Mã cũ")
    services.make_token(by=an, name="Mã đang dùng")
    page = browser_of_an.get(reverse("accounts:token-list")).content.decode()
    for word in ("Đã thu hồi", "Đã hết hạn", "Đang dùng được"):
        assert word in page


def test_a_token_is_withdrawn_on_its_page(browser_of_an: Client, an: User) -> None:
    token, secret = services.make_token(by=an, name="Bảng")
    address = reverse("accounts:token-withdraw", args=[token.pk])
    assert browser_of_an.get(address).status_code == 200
    assert browser_of_an.post(address).status_code == 302
    assert bearer(secret).get(OWN).status_code == 401


def test_the_profile_leads_to_tokens_and_to_the_description(browser_of_an: Client) -> None:
    page = browser_of_an.get(reverse("accounts:profile")).content.decode()
    assert reverse("accounts:token-list") in page
    assert reverse("api-docs") in page
