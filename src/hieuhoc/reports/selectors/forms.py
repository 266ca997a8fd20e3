"""Forms, their versions and the regimes that use them: which a user sees, and a layout as the rules know it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from hieuhoc.foundation.records import clock
from hieuhoc.kernel.errors import HouseError, Missing
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.indicators import rules as indicator_rules
from hieuhoc.registers.indicators import selectors as indicators
from hieuhoc.reports import rules
from hieuhoc.reports.models import Form, FormVersion, ReportKind, Round, Submission

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User

_MISSING = "Không tìm thấy nội dung này trong phạm vi của bạn."


def _arranged(user: User, field: str) -> Q:
    return access.within(access.scopes(user, Permission.REPORT_ARRANGE), unit=field)


def named(rows: QuerySet[Any], words: str, *columns: str) -> Q:
    """The condition that the texts of a row together hold every word, marks and capitals left out.

    For tables of some hundred rows at most, which keep no folded column.
    """
    wanted = fold(words).split()
    if not wanted:
        return Q()
    told = rows.order_by().values_list("pk", *columns)
    held = ((number, fold(" ".join(map(str, texts)))) for number, *texts in told)
    return Q(pk__in=[number for number, text in held if all(word in text for word in wanted)])


def kinds_seen(user: User, *, words: str = "") -> QuerySet[ReportKind]:
    """The kinds of report that `user` arranges, or by which a unit that the user may see has to report."""
    owing = access.visible(user, Submission.objects.all(), Permission.REPORT_READ).values("round__kind")
    rows = ReportKind.objects.filter(_arranged(user, "root") | Q(pk__in=owing)).select_related("form", "root")
    rows = rows.filter(named(ReportKind.objects.all(), words, "name", "code"))
    found: QuerySet[ReportKind] = rows.select_related("recipient").order_by("name", "pk")
    return found


def kind_by_code(user: User, code: str) -> ReportKind:
    """One kind of report. Raises: Missing."""
    found = kinds_seen(user).filter(code=code).first()
    if found is None:
        raise Missing(_MISSING)
    return found


def forms_seen(user: User, *, words: str = "") -> QuerySet[Form]:
    """The forms that `user` makes, or that a kind of report the user sees is filled in on."""
    rows = Form.objects.filter(_arranged(user, "owner") | Q(kinds__in=kinds_seen(user).order_by().values("pk")))
    rows = rows.filter(named(Form.objects.all(), words, "name", "code", "description"))
    return rows.select_related("owner__parent").distinct().order_by("name", "pk")


def form_by_code(user: User, code: str) -> Form:
    """One form. Raises: Missing."""
    found = forms_seen(user).filter(code=code).first()
    if found is None:
        raise Missing(_MISSING)
    return found


def version_by_key(user: User, key: int) -> FormVersion:
    """One version of a form; drafts only for whoever makes forms there. Raises: Missing."""
    forms = forms_seen(user).order_by().values("pk")
    rows = FormVersion.objects.filter(pk=key, form__in=forms).select_related("form__owner__parent")
    found = rows.filter(~Q(state="draft") | _arranged(user, "form__owner")).first()
    if found is None:
        raise Missing(_MISSING)
    return found


def codes_in(version: FormVersion) -> set[str]:
    """Every indicator that a layout's cells, lists and charts name, whether it holds together or not."""
    named: set[str] = set()
    for section in version.layout.get("sections") or ():
        for block in section.get("blocks") or ():
            named |= {row.get("indicator", "") for name in ("cells", "rows") for row in block.get(name) or ()}
            named |= {*(block.get("indicators") or ()), block.get("indicator", "")}
    for check in version.layout.get("checks") or ():
        try:
            named |= rules.parse_comparison(str(check.get("rule", ""))).codes
        except HouseError:
            continue
    return named - {""}


def meanings_for_forms(
    codes: Collection[str] | None = None, *, on: date | None = None
) -> tuple[dict[str, indicator_rules.Definition], dict[str, indicator_rules.Breakdown]]:
    """What indicators mean on a day (today), all or some with what their formulas lean on; and the breakdowns."""
    return indicators.meanings_on(on or clock.today(), codes), indicators.breakdowns()


@dataclass(frozen=True)
class Asked:
    """What a round asks for: the layout, what its indicators mean in the round's period, and the breakdowns."""

    layout: rules.Layout
    known: dict[str, indicator_rules.Definition]
    breakdowns: dict[str, indicator_rules.Breakdown]


def asked_in(round: Round) -> Asked:
    """What a round asks for; a cell whose indicator no longer holds on the period's last day is left out."""
    known, breakdowns = meanings_for_forms(codes_in(round.version), on=round.period.period.last)
    return Asked(rules.layout_so_far(round.version.layout, known=known, breakdowns=breakdowns), known, breakdowns)


def numbers_of_indicators(codes: Collection[str]) -> dict[str, int]:
    """The row numbers of indicators."""
    return indicators.indicator_numbers(codes)
