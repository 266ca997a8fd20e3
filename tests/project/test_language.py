"""Which language a page is in."""

import pytest
from django.conf import settings
from django.test import Client


@pytest.mark.django_db
def test_a_browser_set_up_in_english_gets_vietnamese() -> None:
    page = Client().get("/accounts/login/", headers={"accept-language": "en-US,en;q=0.9"})
    assert 'lang="vi"' in page.content.decode()


@pytest.mark.django_db
def test_whoever_chose_english_gets_english() -> None:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert 'lang="en"' in client.get("/accounts/login/").content.decode()


@pytest.mark.django_db
def test_a_language_that_the_house_does_not_speak_is_vietnamese() -> None:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "../../x"
    assert 'lang="vi"' in client.get("/accounts/login/").content.decode()
