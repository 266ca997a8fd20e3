"""How materials are shown, to whoever works here and to everybody."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui.shown import fact, select
from hieuhoc.foundation.ui.wording import capital_choices, in_words
from hieuhoc.kernel.vietnamese import write_date, write_number
from hieuhoc.programme.learning.models import Material, Repository, Topic
from hieuhoc.programme.learning.rules import kinds
from hieuhoc.programme.learning.rules import materials as rules
from hieuhoc.programme.learning.selectors import materials as selectors
from hieuhoc.programme.learning.selectors import topics


def wanted(request: HttpRequest) -> selectors.Wanted:
    """What the filters of a list ask."""
    asked = request.GET
    topic = Topic.objects.filter(code=asked["topic"][:60]).first() if asked.get("topic") else None
    exact = {name: asked.get(name, "") for name in ("field", "language", "licence", "form", "source", "sort")}
    return selectors.Wanted(text=asked.get("q", "")[:200], topic=topic, **exact)


def selects(request: HttpRequest, *, full: bool) -> list[dict[str, Any]]:
    """The drop-down lists above a list; the `full` ones for whoever works here."""
    asked = request.GET
    found = [
        select(
            "field",
            _("Lĩnh vực"),
            [("", _("Mọi lĩnh vực")), *capital_choices(kinds.FIELDS.items())],
            asked.get("field", ""),
        ),
        select("form", _("Dạng"), [("", _("Mọi dạng")), *capital_choices(rules.FORMS.items())], asked.get("form", "")),
        select(
            "language",
            _("Ngôn ngữ"),
            [("", _("Mọi ngôn ngữ")), *capital_choices(rules.LANGUAGES.items())],
            asked.get("language", ""),
        ),
        select(
            "licence",
            _("Giấy phép"),
            [
                ("", _("Mọi giấy phép")),
                ("open", _("Giấy phép mở")),
                *(capital_choices(rules.LICENCES.items()) if full else ()),
            ],
            asked.get("licence", ""),
        ),
    ]
    if full:
        offered = [("", _("Mọi chủ đề")), *((one.code, one.name) for one in topics.topics_on(clock.today()))]
        sources = [("", _("Mọi nguồn")), ("own", _("Các đơn vị chia sẻ"))]
        sources += [(str(pk), name) for pk, name in Repository.objects.values_list("pk", "name")]
        found[1:1] = [select("topic", _("Chủ đề"), offered, asked.get("topic", ""))]
        found.append(select("source", _("Nguồn"), sources, asked.get("source", "")))
    return found


def row(material: Any) -> dict[str, Any]:
    """A line of a list: the material (with `used`) and its words."""
    return {
        "material": material,
        "form": words(rules.FORMS, material.form),
        "language": words(rules.LANGUAGES, material.language),
        "licence": words(rules.LICENCES, material.licence) or _("chưa rõ giấy phép"),
        "is_open": rules.is_open(material.licence),
        "source": source_of(material),
    }


def words(named: Any, code: str) -> str:
    """The name of a code; the code itself where it is somebody else's words."""
    return in_words(named[code]) if code in named else code


def source_of(material: Material) -> str:
    """Who shares it, or from which repository it comes."""
    if material.repository is not None:
        return material.repository.name
    return material.unit.name if material.unit else ""


def facts(material: Any, *, full: bool) -> list[dict[str, str]]:
    """The list of facts beside a material; with links into the house and times where it is the `full` one."""
    shown = row(material)
    unit = material.unit
    told = [
        fact(_("Tác giả"), material.author),
        fact(_("Dạng"), shown["form"]),
        fact(_("Ngôn ngữ"), shown["language"]),
        fact(_("Giấy phép"), shown["licence"], url=licence_url(material.licence)),
        fact(_("Lĩnh vực"), in_words(kinds.FIELDS[material.field]), note=material.topic.name if material.topic else ""),
        fact(
            _("Nguồn"),
            shown["source"],
            url=reverse("units:detail", args=[unit.key]) if full and unit else "",
        ),
        fact(_("Số lớp đã dùng"), write_number(material.used)),
    ]
    if full:
        told.append(fact(_("Sửa ngày"), write_date(timezone.localtime(material.changed_at).date())))
    return told


def licence_url(licence: str) -> str:
    """Where a licence is written; empty for one that has no page."""
    address = rules.rights_of(licence)
    return address if address.startswith("https://") else ""
