"""What the page of attendance and the phones send, read into items that the services take."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui.forms import FileInput
from hieuhoc.foundation.ui.wording import choices, say
from hieuhoc.kernel.errors import Invalid
from hieuhoc.programme.learning.rules import attendance as rules
from hieuhoc.programme.learning.services.attendance import Heads, Item, Sent, WalkIn
from hieuhoc.registers.people import rules as people
from hieuhoc.registers.people.rules import SEXES

LARGEST = 2**31 - 1
LARGEST_FILE = 2_000_000  # bytes


class WalkInForm(forms.Form):
    """Somebody who is not in the list and sits in the room."""

    name = forms.CharField(label=_("Họ và tên"), max_length=120)
    birth_year = forms.IntegerField(
        label=_("Năm sinh"),
        required=False,
        min_value=1900,
        max_value=2100,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    sex = forms.ChoiceField(
        label=_("Giới tính"), required=False, choices=[("", _("không ghi")), *choices(SEXES.items())]
    )

    def clean_name(self) -> str:
        try:
            return people.name_of(self.cleaned_data["name"])
        except Invalid as trouble:
            raise forms.ValidationError(say(trouble)) from trouble

    def clean_birth_year(self) -> int | None:
        year: int | None = self.cleaned_data["birth_year"]
        if year is not None and year > clock.today().year:
            raise forms.ValidationError(_("Năm sinh không thể ở sau năm nay."))
        return year


class UnsentForm(forms.Form):
    """The file that a phone gave of what it had not sent."""

    file = forms.FileField(
        label=_("Tệp “phần chưa gửi” tải từ máy khác"),
        help_text=_("Mục nào máy chủ đã nhận thì không ghi lần nữa."),
        widget=FileInput(kinds=(".json",), limit=2),
    )


# ---- from a phone ------------------------------------------------------------------------------------


def read_sending(body: bytes) -> dict[str, Any]:
    """What a phone sends: session, user and items. Raises: Invalid when it is no such thing."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Invalid("Nội dung gửi lên không đúng dạng.") from error
    is_sending = isinstance(told, dict) and isinstance(told.get("items"), list)
    if not is_sending or not _is_number(told.get("session")):
        raise Invalid("Nội dung gửi lên không đúng dạng.")
    return dict(told)


def read_unsent(body: bytes, *, user: int) -> dict[int, list[Any]]:
    """The items of a file of what was not sent, by session, in their order.

    Raises: Invalid (field `file`) when it is no such file, or not all of it was marked by this user.
    """
    try:
        told = json.loads(body) if len(body) <= LARGEST_FILE else None
    except (ValueError, RecursionError):
        told = None
    items = told.get("items") if isinstance(told, dict) else None
    if not isinstance(items, list) or not all(
        isinstance(one, dict) and _is_number(one.get("session")) for one in items
    ):
        raise Invalid("Đây không phải là tệp “phần chưa gửi” do trang điểm danh cho tải xuống.", field="file")
    if any(one.get("user") != user for one in items):
        sentence = "Trong tệp có mục do người khác ghi. Hãy đăng nhập bằng tài khoản của người đó để gửi."
        raise Invalid(sentence, field="file")
    found: dict[int, list[Any]] = {}
    for one in items:
        found.setdefault(one["session"], []).append(one)
    return found


def _is_unsent(one: object) -> bool:
    return isinstance(one, dict) and _is_number(one.get("session"))


def read_items(told: Iterable[Any]) -> tuple[list[Item], dict[str, Invalid]]:
    """The items of a sending, and by their keys those that cannot be read.

    Raises: Invalid for an item without a key of its own: nobody could be answered about it.
    """
    items: list[Item] = []
    wrong: dict[str, Invalid] = {}
    for one in told:
        key = _key(one.get("key") if isinstance(one, dict) else None)
        if key is None:
            raise Invalid("Nội dung gửi lên không đúng dạng.")
        try:
            items.append(_item(key, one))
        except Invalid as error:
            wrong[str(key)] = error
    return items, wrong


def _item(key: uuid.UUID, one: Mapping[str, Any]) -> Item:
    at, seen, kind = _instant(one.get("at")), _number(one.get("seen", 0)), one.get("kind")
    if kind == "mark":
        of = _key(one.get("of"))
        return Sent(key, None if of else _number(one.get("enrolment")), _text(one.get("mark"), 20), seen, at, of)
    if kind == "walk_in":
        year = one.get("birth_year")
        born = None if year in (None, "") else _number(year)
        name, sex, mark = (_text(one.get(field), most) for field, most in (("name", 120), ("sex", 10), ("mark", 20)))
        return WalkIn(key, name, born, sex, mark, at)
    if kind == "heads":
        return Heads(
            key, _number(one.get("count")), _text(one.get("sex"), 10), _text(one.get("age_band"), 10), seen, at
        )
    raise Invalid("Nội dung gửi lên không đúng dạng.")


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST


def _number(value: object) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        value = int(value)
    if not isinstance(value, int) or not _is_number(value):
        raise Invalid("Nội dung gửi lên không đúng dạng.")
    return value


def _text(value: object, most: int) -> str:
    text = "" if value is None else value
    # Half a character, which JSON can name and no database keeps, is no text either.
    if not isinstance(text, str) or "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Invalid("Nội dung gửi lên không đúng dạng.")
    return text.strip()[:most]


def _key(value: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(value) if isinstance(value, str) and len(value) <= 40 else None
    except ValueError:
        return None


def _instant(value: object) -> datetime | None:
    """The time by the phone's clock; none where it is missing or has no zone."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


# ---- from a page without script ---------------------------------------------------------------------


def typed_marks(typed: Mapping[str, str]) -> list[Item]:
    """The marks of a form that differ from what it had shown; each key follows from the form's own.

    A form that is sent twice is taken once.
    """
    base = _key(typed.get("key")) or uuid.uuid4()
    found: list[Item] = []
    for name, mark in typed.items():
        pk = name.removeprefix("mark-")
        if pk == name or not pk.isdecimal() or mark not in ("", *rules.MARKS):
            continue
        was, _colon, edition = typed.get(f"was-{pk}", "").partition(":")
        if mark != was:
            key = uuid.uuid5(base, f"mark {pk} {mark}")
            found.append(Sent(key, int(pk[:10]), mark, int(edition) if edition.isdecimal() else 0))
    return found


def typed_heads(typed: Mapping[str, str]) -> list[Heads]:
    """The counts of a form that differ from what it had shown. Raises: Invalid for what is no number."""
    base = _key(typed.get("key")) or uuid.uuid4()
    found = []
    for name, written in typed.items():
        group = name.removeprefix("heads-")
        if group == name:
            continue
        sex, _dash, band = group.partition("_")
        was, _colon, edition = typed.get(f"was-{group}", "").partition(":")
        text = written.strip() or "0"
        if not (text.isascii() and text.isdigit() and len(text) < 7):
            raise Invalid("Số người phải là số nguyên, không âm.")
        if int(text) != int(was or 0):
            key = uuid.uuid5(base, f"heads {group} {text}")
            found.append(Heads(key, int(text), sex, band, int(edition) if edition.isdecimal() else 0))
    return found
