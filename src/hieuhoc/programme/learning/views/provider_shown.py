"""What the pages of bodies that offer learning show alike: facts, badges, features, crumbs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from hieuhoc.foundation.ui.wording import choices, in_words
from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.programme.learning.forms.providers import FEATURE_NAMES
from hieuhoc.programme.learning.models import Post, Provider
from hieuhoc.programme.learning.rules import founding, kinds


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, though it be nothing; none where the page is only read."""
    return request.POST if request.method == "POST" else None


def fact(term: str, text: object, *, url: str = "", note: str = "") -> dict[str, str]:
    """One line of a list of facts, for the component `definitions`."""
    return {"term": term, "text": "" if text is None else str(text), "url": url, "note": note}


def select(name: str, label: str, options: Iterable[tuple[str, Any]], chosen: str) -> dict[str, Any]:
    """A drop-down list of a filter bar."""
    return {
        "name": name,
        "label": label,
        "options": [{"value": value, "label": text, "selected": value == chosen} for value, text in options],
    }


def crumbs(*rest: dict[str, Any]) -> list[dict[str, Any]]:
    """From the desk over the register down to here."""
    above = {"label": _("Học tập"), "url": reverse("learning:desk")}
    return [above, {"label": _("Cơ sở học tập"), "url": reverse("learning:provider-list")}, *rest]


def crumbs_at(provider: Provider, label: str) -> list[dict[str, Any]]:
    """From the register over a body down to here."""
    return crumbs({"label": provider.name, "url": provider.get_absolute_url()}, {"label": label})


def day_words(day: date | None) -> str:
    """A day as it is written, or nothing."""
    return write_date(day) if day else ""


def standing_badge(provider: Provider, on: date) -> dict[str, str]:
    """How a body stands on a day, for the component `badge`."""
    if provider.valid_to is not None and provider.valid_to <= on:
        label = _("Đã kết thúc %(day)s") % {"day": write_date(provider.valid_to)}
        return {"state": "neutral", "label": label}
    if provider.valid_from > on:
        return {"state": "wait", "label": _("Từ %(day)s") % {"day": write_date(provider.valid_from)}}
    if provider.licensed_to is not None and provider.licensed_to <= on:
        return {"state": "late", "label": _("Giấy phép hết hạn")}
    return {"state": "done", "label": _("Đang hoạt động")}


def about(provider: Provider) -> list[dict[str, str]]:
    """What a body is and where, for whoever reads its page inside."""
    place = reverse("units:detail", args=[provider.unit.key])
    facts = [
        fact(_("Loại"), capfirst(in_words(kinds.PROVIDERS[provider.kind]))),
        fact(_("Nơi đặt"), provider.unit.name, url=place),
        fact(_("Thành lập từ ngày"), day_words(provider.valid_from)),
        fact(_("Quyết định, giấy phép"), provider.decision, note=day_words(provider.decided_on)),
        fact(_("Cơ quan quyết định"), provider.decided_by),
    ]
    if provider.licensed_to:
        facts.append(fact(_("Giấy phép có hiệu lực đến"), day_words(provider.licensed_to)))
    if provider.valid_to:
        facts.append(fact(_("Kết thúc từ ngày"), day_words(provider.valid_to)))
    return facts + contact(provider) + [fact(_("Chương trình"), provider.programmes)]


def contact(provider: Provider) -> list[dict[str, str]]:
    """Where a body is and how it is reached."""
    return [
        fact(_("Địa chỉ"), provider.address),
        fact(_("Giờ mở cửa"), provider.opening_hours),
        fact(_("Điện thoại"), provider.phone, url=f"tel:{provider.phone.replace(' ', '')}" if provider.phone else ""),
        fact(_("Thư điện tử"), provider.email, url=f"mailto:{provider.email}" if provider.email else ""),
        fact(_("Trang tin"), provider.website, url=provider.website),
    ]


def features(provider: Provider) -> list[dict[str, str]]:
    """What a body has: yes, no, or not known."""
    words = {
        True: {"state": "done", "text": _("có")},
        False: {"state": "neutral", "text": _("không")},
        None: {"state": "wait", "text": _("chưa rõ")},
    }
    return [{"term": capfirst(str(name)), **words[getattr(provider, key)]} for key, name in FEATURE_NAMES.items()]


def feature_options() -> list[tuple[str, str]]:
    """The answers by which the register is filtered."""
    answers = (("yes", _("có")), ("no", _("không")), ("unknown", _("chưa rõ")))
    return [
        ("", _("Tất cả")),
        *(
            (f"{key}:{answer}", f"{capfirst(str(name))}: {said}")
            for key, name in FEATURE_NAMES.items()
            for answer, said in answers
        ),
    ]


def kind_options() -> list[tuple[str, Any]]:
    """The kinds by which the register is filtered."""
    return [("", _("Mọi loại")), *((code, capfirst(str(name))) for code, name in choices(kinds.PROVIDERS.items()))]


def post_rows(posts: Iterable[Post], *, on: date, edits: bool, decides: bool) -> list[dict[str, Any]]:
    """Everybody at a body, each with whether the reader may end the post."""
    rows = []
    for post in posts:
        may = decides if founding.is_appointed(post.provider.kind, post.role) else edits
        rows.append({"post": post, "is_present": post.holds_on(on), "may_end": may and post.valid_to is None})
    return rows
