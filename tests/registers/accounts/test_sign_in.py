"""Signing in, the second factor, forgotten passwords, and what is closed: django-allauth in our own house."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from tests.factories.cast import PASSWORD, Cast

from hieuhoc.foundation.outbox.models import Message
from hieuhoc.registers.accounts import services
from hieuhoc.registers.accounts.models import User

LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _nobody_has_tried_before() -> None:
    cache.clear()


def sign_in(login: str, password: str = PASSWORD, client: Client | None = None) -> Client:
    client = client or Client()
    client.post(LOGIN, {"login": login, "password": password})
    return client


def confirmed(client: Client) -> Client:
    """The client after it has said its password once more."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def is_signed_in(client: Client) -> bool:
    return client.get("/accounts/profile/").status_code == 200


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


@pytest.mark.parametrize("login", ["an", "AN", "an@example.vn", "An@Example.vn"])
def test_one_signs_in_by_user_name_or_by_address(cast: Cast, login: str) -> None:
    assert is_signed_in(sign_in(login))


def test_a_wrong_password_is_said_in_vietnamese_and_not_which_half_was_wrong(cast: Cast) -> None:
    for login in ("an", "khongco"):
        page = Client().post(LOGIN, {"login": login, "password": "sai"}).content.decode()
        assert "Tên đăng nhập hoặc mật khẩu không đúng." in page


def test_the_sixth_wrong_password_waits_even_when_it_is_right(cast: Cast) -> None:
    for _attempt in range(5):
        sign_in("an", "sai")
    page = Client().post(LOGIN, {"login": "an", "password": PASSWORD}).content.decode()
    assert "Đăng nhập sai quá nhiều lần" in page
    assert is_signed_in(sign_in("chi"))


def test_whoever_knocks_too_often_is_told_to_wait_in_our_own_words(cast: Cast) -> None:
    client = Client()
    answers = [client.post("/accounts/password/reset/", {"email": "an@example.vn"}) for _knock in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "Bạn đã thử quá nhiều lần" in answers[-1].content.decode()


def test_a_locked_account_does_not_sign_in(cast: Cast) -> None:
    services.suspend_user(by=cast.tri, user=cast.an, why="nghỉ")
    assert not is_signed_in(sign_in("an"))


def test_signing_in_goes_on_in_the_language_of_the_person(cast: Cast) -> None:
    User.objects.filter(pk=cast.an.pk).update(language="en")
    client = sign_in("an")
    assert client.cookies["django_language"].value == "en"


@pytest.mark.parametrize(
    "address",
    ["signup/", "email/", "confirm-email/", "confirm-email/abc/", "password/set/", "login/code/confirm/", "3rdparty/"],
)
def test_what_opens_accounts_or_changes_addresses_is_closed(cast: Cast, address: str) -> None:
    for client in (Client(), sign_in("an")):
        assert client.get(f"/accounts/{address}").status_code == 404
        assert client.post(f"/accounts/{address}", {"email": "x@example.vn"}).status_code == 404


def test_every_page_is_closed_to_whoever_is_not_signed_in(cast: Cast) -> None:
    for address in ("people/", "profile/", "trail/", "roles/", "2fa/", "password/change/"):
        response = Client().get(f"/accounts/{address}")
        assert response.status_code == 302
        assert response["Location"].startswith(LOGIN)


def test_a_forgotten_password_is_set_anew_through_a_letter(cast: Cast) -> None:
    client = Client()
    done = client.post("/accounts/password/reset/", {"email": "an@example.vn"}, follow=True)
    assert "Hãy xem hộp thư của bạn" in done.content.decode()
    letter = Message.objects.get()
    assert letter.to == "an@example.vn"
    assert letter.subject == "Hiếu Học: Đặt lại mật khẩu"
    found = re.search(r"(/accounts/password/reset/key/\S+)", letter.body)
    assert found is not None
    page = client.get(found[1], follow=True)
    url = page.redirect_chain[-1][0]
    short = client.post(url, {"password1": "ngan", "password2": "ngan"}).content.decode()
    assert "Mật khẩu quá ngắn: cần ít nhất 10 ký tự." in short
    new = "mat-khau-khac-han-77"
    assert "Đã đặt mật khẩu mới" in client.post(url, {"password1": new, "password2": new}, follow=True).content.decode()
    assert is_signed_in(sign_in("an", new))
    assert "Liên kết không còn dùng được" in Client().get(found[1], follow=True).content.decode()


def test_asking_for_an_unknown_address_says_the_same_and_tells_nobody(cast: Cast) -> None:
    done = Client().post("/accounts/password/reset/", {"email": "la@example.vn"}, follow=True)
    assert "Hãy xem hộp thư của bạn" in done.content.decode()
    assert "chưa có tài khoản" in Message.objects.get().body


def test_a_password_is_changed_with_the_old_one(cast: Cast) -> None:
    client, new = sign_in("an"), "mat-khau-khac-han-77"
    other = sign_in("an")
    given = {"oldpassword": "sai", "password1": new, "password2": new}
    assert "Hãy nhập đúng mật khẩu hiện nay" in client.post("/accounts/password/change/", given).content.decode()
    response = client.post("/accounts/password/change/", given | {"oldpassword": PASSWORD})
    assert response["Location"] == "/accounts/profile/"
    assert is_signed_in(client)
    assert not is_signed_in(other)


def test_the_second_factor_is_switched_on_asked_for_and_switched_off(cast: Cast) -> None:
    client = confirmed(sign_in("an"))
    page = client.get("/accounts/2fa/totp/activate/")
    assert "data:image/svg+xml" in page.content.decode()
    secret = page.context["form"].secret
    wrong = client.post("/accounts/2fa/totp/activate/", {"code": "000000"}).content.decode()
    assert "Mã không đúng." in wrong
    assert client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}).status_code == 302
    codes = client.get("/accounts/2fa/recovery-codes/")
    assert "Mã dự phòng" in codes.content.decode()
    spare = codes.context["unused_codes"][0]

    again = sign_in("an")
    assert not is_signed_in(again)
    assert "Nhập mã xác nhận" in again.get("/accounts/2fa/authenticate/").content.decode()
    cache.clear()  # allauth takes each code once; the clock has not moved on
    assert again.post("/accounts/2fa/authenticate/", {"code": code_of(secret)}).status_code == 302
    assert is_signed_in(again)

    by_spare = sign_in("an")
    assert by_spare.post("/accounts/2fa/authenticate/", {"code": spare}).status_code == 302
    assert is_signed_in(by_spare)
    spent = sign_in("an")
    assert "Mã không đúng." in spent.post("/accounts/2fa/authenticate/", {"code": spare}).content.decode()

    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.filter(user=cast.an).exists()
    assert is_signed_in(sign_in("an"))


def test_what_touches_the_second_factor_asks_for_the_password_once_more(cast: Cast) -> None:
    client = sign_in("an")
    response = client.get("/accounts/2fa/totp/activate/", follow=True)
    assert "Xác nhận là bạn" in response.content.decode()
    url = response.redirect_chain[-1][0]
    assert "Mật khẩu không đúng." in client.post(url, {"password": "sai"}).content.decode()
    done = client.post(url, {"password": PASSWORD}, follow=True)
    assert "Bật bảo vệ hai lớp" in done.content.decode()


# Words that only django-allauth's own English would bring.
ENGLISH = re.compile(r"\b(Password|Sign|Username|Email|Code|Authenticator|Forgot|Remember|Recovery|Please)\b")


@pytest.mark.parametrize(
    "address",
    [
        "login/",
        "logout/",
        "inactive/",
        "password/reset/",
        "password/reset/done/",
        "password/reset/key/1-abc/",
        "password/reset/key/done/",
        "password/change/",
        "reauthenticate/",
        "2fa/",
        "2fa/totp/activate/",
    ],
)
def test_every_page_of_signing_in_speaks_vietnamese(cast: Cast, address: str) -> None:
    anonymous = address.startswith(("login", "password/reset", "inactive"))
    client = Client() if anonymous else confirmed(sign_in("an"))
    response = client.get(f"/accounts/{address}")
    assert response.status_code == 200
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    said = re.findall(r'(?:placeholder|title|aria-label|alt)="([^"]*)"', response.content.decode())
    shown = " ".join([text, *said]).replace("Google Authenticator", "")
    assert not ENGLISH.search(shown), ENGLISH.findall(shown)
