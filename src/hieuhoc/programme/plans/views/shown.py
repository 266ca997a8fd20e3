"""What several pages of plans show alike: tabs, drop-down lists, the chips of a filter, lists of facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from hieuhoc.foundation.ui.shown import fact, select
from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.programme.plans.models import Plan, Task, TaskAgency


def plan_title(plan: Plan) -> str:
    """What a plan is called at the top of its pages."""
    return f"{plan.kind} {plan.number}" if plan.number else plan.subject[:90]


def plan_tabs(plan: Plan, *, active: str) -> list[dict[str, Any]]:
    """The pages of one plan."""
    named = [
        ("overview", _("Toàn cảnh"), "plans:plan-overview"),
        ("tasks", _("Nhiệm vụ"), "plans:plan-detail"),
        ("matrix", _("Ma trận"), "plans:plan-matrix"),
        ("coverage", _("Kế hoạch cấp dưới"), "plans:plan-coverage"),
        ("text", _("Văn bản"), "plans:plan-text"),
        ("history", _("Lịch sử"), "plans:plan-history"),
    ]
    if plan.above_id:
        named.insert(4, ("links", _("Gắn với cấp trên"), "plans:plan-links"))
    return [{"label": label, "url": reverse(url, args=[plan.pk]), "active": tab == active} for tab, label, url in named]


@dataclass(frozen=True)
class Lens:
    """By which units the figures of a page are told: those of their time, or those of the map of a day."""

    is_restated: bool
    on: date

    @property
    def said(self) -> str:
        """What the page says of its figures."""
        if self.is_restated:
            said = _("Số liệu theo bản đồ ngày %(day)s: việc của đơn vị trước sắp xếp được tính cho đơn vị kế thừa.")
        else:
            said = _("Số liệu theo đơn vị lúc báo: việc đã xong ở lại với tên đơn vị lúc đó, tính đến %(day)s.")
        return said % {"day": write_date(self.on)}

    @property
    def on_paper(self) -> str:
        """What a paper says of its figures; Vietnamese whatever the language of the screen."""
        return f"theo bản đồ ngày {write_date(self.on)}" if self.is_restated else "theo đơn vị lúc báo"

    @property
    def choice(self) -> dict[str, Any]:
        """The drop-down list from which it is chosen."""
        lenses = [
            ("", _("Đơn vị hiện nay (bản đồ ngày %(day)s)") % {"day": write_date(self.on)}),
            ("reported", _("Đơn vị lúc báo")),
        ]
        return select("lens", _("Số liệu theo"), lenses, "" if self.is_restated else "reported")


def lens_of(request: HttpRequest, *, on: date) -> Lens:
    """The lens that is asked for; that of today's map where none is."""
    return Lens(request.GET.get("lens", "") != "reported", on)


def shortened(text: str, *, most: int) -> str:
    """A task's text as a title: it begins with a capital and is cut between words."""
    whole = text[:1].upper() + text[1:]
    return whole if len(whole) <= most else f"{whole[:most].rsplit(' ', 1)[0].rstrip(' ,;.:')}…"


def agency_facts(task: Task, agencies: Iterable[TaskAgency]) -> list[dict[str, str]]:
    """The agencies that a task names, each with its page in the register."""
    leading = _("Đề nghị") if task.is_requested else _("Chủ trì")
    return [
        fact(
            leading if one.role == TaskAgency.LEAD else _("Phối hợp"),
            one.name,
            url=reverse("units:detail", args=[one.unit.key]) if one.unit else "",
            note="" if one.unit else _("(chưa có trong danh mục)"),
        )
        for one in agencies
    ]


def time_facts(task: Task, *, beside: date | None = None) -> list[dict[str, str]]:
    """What a task says of time and product; a due date that stands `beside` it already is not said twice."""
    facts = []
    if task.due_on and task.due_on != beside:
        facts.append(fact(_("Hạn của nhiệm vụ"), write_date(task.due_on)))
    if task.deadline_text:
        facts.append(fact(_("Thời hạn ghi trong văn bản"), task.deadline_text))
    if task.recurrence:
        worded = f"(“{task.recurrence_text}”)" if task.recurrence_text else ""
        facts.append(fact(_("Lặp lại"), task.get_recurrence_display(), note=worded))
    if task.product:
        facts.append(fact(_("Sản phẩm"), task.product))
    return facts
