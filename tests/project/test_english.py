"""Whoever chose English reads English: on no page does a word of the house stay in Vietnamese, only what people wrote.

Every address is asked in English. What stands in the database (names, documents, reports) may be Vietnamese; whatever
is left of a page once that is taken away may not.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import translation
from lxml import html
from pytest_django import DjangoDbBlocker

from hieuhoc.foundation.ui.wording import say
from hieuhoc.kernel.errors import Invalid, Missing
from hieuhoc.kernel.terms import Term
from tests.whole.stage import Things, make_stage
from tests.whole.test_access import USUAL, Address, addresses, client_of, table
from tests.whole.test_access import _value as sent_value

pytestmark = pytest.mark.django_db

VIETNAMESE = re.compile("[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.IGNORECASE)
SHOWN = ("title", "aria-label", "placeholder", "alt", "data-confirm", "label", "content")
# The name of the house, and of the other language in itself.
NAMES = ("hiếu học", "tiếng việt")
# Official papers are Vietnamese whoever prints them; so is what a calendar program fetches.
READERS = ("binh", "an", "tri", "nobody")
PAPERS = {"plans:plan-print", "plans:calendar"}


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[dict[str, Client], Things]]:
    with django_db_blocker.unblock(), transaction.atomic():
        cast, things, _other = make_stage()
        clients = {name: client_of(user) for name, user in cast.people.items() if name in READERS}
        clients["anonymous"] = Client()
        for client in clients.values():
            client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        yield clients, things
        transaction.set_rollback(True)


@pytest.mark.parametrize("address", addresses(), ids=lambda address: address.name)
def test_no_page_in_english_has_a_vietnamese_word_of_the_house(
    address: Address, stage: tuple[dict[str, Client], Things]
) -> None:
    clients, things = stage
    row = table().get(address.name)
    if row is None or row.get("method") == "post" or address.name in PAPERS:
        pytest.skip("no page of the house, or one that the table of addresses asks for by name")
    words = {word: things[row.get("words", {}).get(word) or USUAL[word]] for word in address.words}
    for name in ("tri",) if address.name.startswith(("accounts:", "units:")) else ("binh",):
        with transaction.atomic():
            answer = clients[name].get(reverse(address.name, kwargs=words), follow=True)
            left = list(leaks(answer))
            transaction.set_rollback(True)
        assert left == [], f"{address.name} as {name}"


@pytest.mark.parametrize("key", [key for key in table() if "sends" in table()[key] or table()[key].get("method")])
@pytest.mark.parametrize("name", ["binh"])
def test_whatever_is_sent_is_answered_in_english(key: str, name: str, stage: tuple[dict[str, Client], Things]) -> None:
    clients, things = stage
    address, row = next(one for one in addresses() if one.name == key.split()[0]), table()[key]
    words = {word: things[row.get("words", {}).get(word) or USUAL[word]] for word in address.words}
    sent = {field: sent_value(value, things) for field, value in row.get("sends", {}).items()}
    for values in ({}, dict.fromkeys(sent, "?"), sent):
        with transaction.atomic():
            answer = clients[name].post(reverse(address.name, kwargs=words), values, follow=True)
            left = list(leaks(answer, typed=sent))
            transaction.set_rollback(True)
        clients[name].cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        assert left == [], f"{key} with {values}"


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/", "/accounts/2fa/", "/no-such-page/"])
def test_pages_around_signing_in_are_english_too(path: str, stage: tuple[dict[str, Client], Things]) -> None:
    for client in stage[0].values():
        assert list(leaks(client.get(path, follow=True))) == []


def test_what_a_form_refuses_is_said_in_english(stage: tuple[dict[str, Client], Things]) -> None:
    clients, things = stage
    address = reverse("plans:assignment-report", args=[things["assignment"]])
    with transaction.atomic():
        answer = clients["an"].post(address, {"percent": "101", "note": "", "seen": "underway"}, follow=True)
        assert list(leaks(answer)) == []
        transaction.set_rollback(True)


def test_a_value_is_never_read_as_a_template_and_never_translated_unless_it_is_a_word_of_the_house() -> None:
    typed = Invalid("Tệp “{name}” rỗng. Hãy chọn lại tệp.", name="{field} Hằng năm {0}")
    named = Missing("{unit} đã được giao nhiệm vụ này.", unit=Term("Người khác"))
    with translation.override("en"):
        assert say(typed) == "The file “{field} Hằng năm {0}” is empty. Choose another file."
        assert say(named) == "Somebody else already holds this task."
        assert say(Missing("Ngoặc {lạ} của ai đó")) == "Ngoặc {lạ} của ai đó"
    assert typed.sentence == "Tệp “{field} Hằng năm {0}” rỗng. Hãy chọn lại tệp."


def leaks(answer: HttpResponseBase, typed: Mapping[str, Any] | None = None) -> Iterator[str]:
    """The Vietnamese on a page that stands nowhere in the database, and was not just typed."""
    if (
        not isinstance(answer, HttpResponse)
        or "html" not in answer.headers.get("Content-Type", "")
        or not answer.content.strip()
    ):
        return
    suspects = [text for text in _shown(html.fromstring(answer.content.decode())) if VIETNAMESE.search(text)]
    suspects = _unexplained(suspects, {*_kept_at_first(), *_texts(dict(typed or {}))})
    if suspects:  # perhaps by what the question itself has written
        yield from _unexplained(suspects, _kept())


def _unexplained(suspects: list[str], words: set[str]) -> list[str]:
    kept = sorted(words, key=len, reverse=True)
    return [text for text in suspects if VIETNAMESE.search(_without(text, kept))]


def _shown(page: html.HtmlElement) -> Iterator[str]:
    for element in page.iter():
        if not isinstance(element.tag, str) or element.tag in {"script", "style"}:
            continue
        if element.get("lang", "en") == "en" and element.text:
            yield _squeezed(element.text)
        if element.tail:
            yield _squeezed(element.tail)
        yield from (_squeezed(element.get(name)) for name in SHOWN if element.get(name))


@cache
def _kept_at_first() -> set[str]:
    """Every text of the stage: to read the whole database for each page would take most of the time."""
    return _kept()


def _kept() -> set[str]:
    """Every text of the database."""
    found = set(NAMES)
    for model in apps.get_models():
        for row in model._default_manager.values():
            for value in row.values():
                found.update(_texts(value))
    return found


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str) and VIETNAMESE.search(value):
        yield _squeezed(value)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)


def _without(text: str, kept: list[str]) -> str:
    for one in kept:
        # A text cut short, or marked within, is a piece of one that is kept.
        if len(text) > 20 and text.rstrip("…") in one:
            return ""
        text = text.replace(one, " ")
    return text


def _squeezed(text: str) -> str:
    return " ".join(text.split()).casefold()
