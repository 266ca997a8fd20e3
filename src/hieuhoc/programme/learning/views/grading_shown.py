"""What the pages of grading show alike: badges of assessments and sets, labels of deeds, crumbs."""

from __future__ import annotations

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from hieuhoc.foundation.ui.wording import choices, in_words
from hieuhoc.programme.learning import states
from hieuhoc.programme.learning.models import Assessment, GradingSet, Provider
from hieuhoc.programme.learning.rules import kinds

BADGES = {"draft": "neutral", "submitted": "wait", "returned": "late", "verified": "done"}
SET_BADGES = {"draft": "wait", "in_force": "done", "retired": "neutral"}


def badge(assessment: Assessment | None) -> dict[str, str]:
    """How an assessment stands, for the component `badge`."""
    if assessment is None:
        return {"state": "neutral", "label": _("Chưa tự chấm")}
    return {"state": BADGES[assessment.state], "label": in_words(states.ASSESSMENT.states[assessment.state])}


def set_badge(row: GradingSet) -> dict[str, str]:
    """How a set stands, for the component `badge`."""
    return {"state": SET_BADGES[row.state], "label": in_words(states.GRADING.states[row.state])}


def deed_labels() -> dict[str, str]:
    """What the deeds on an assessment are called on buttons."""
    return {
        "submit": _("Gửi lên cấp trên"),
        "withdraw": _("Rút về"),
        "verify": _("Thẩm định, xếp loại"),
        "return": _("Trả lại"),
        "reopen": _("Mở lại thẩm định"),
    }


def kind_options() -> list[tuple[str, str]]:
    """The kinds of bodies that can be graded."""
    return [(code, capfirst(str(name))) for code, name in choices(kinds.PROVIDERS.items())]


def crumbs_of(body: Provider, year: int, *more: str) -> list[dict[str, str]]:
    """From the list over an assessment down to here."""
    above = {"label": _("Xếp loại"), "url": f"{reverse('learning:grading-list')}?kind={body.kind}&year={year}"}
    whole = {"label": f"{body.name}, {year}", "url": reverse("learning:assessment", args=[body.key, year])}
    return [above, whole, *({"label": label} for label in more)]
