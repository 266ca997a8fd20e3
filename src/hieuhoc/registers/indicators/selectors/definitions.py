"""What indicators mean: the definitions that hold on a day, their versions, and what leans on what."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Protocol

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import get_language

from hieuhoc.foundation.ui.wording import in_words
from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.registers.indicators import rules
from hieuhoc.registers.indicators.models import Breakdown, Definition, Family, Indicator

DRAFT, IN_FORCE, ENDED = "draft", "in_force", "ended"
SORTS: Mapping[str, tuple[str, ...]] = {
    "family": ("indicator__family__position", "indicator__code"),
    "code": ("indicator__code",),
    "-code": ("-indicator__code",),
    "name": ("folded", "indicator__code"),
    "-name": ("-folded", "-indicator__code"),
    "from": ("valid_from", "indicator__code"),
    "-from": ("-valid_from", "indicator__code"),
}
_COPIED = (
    "name",
    "name_en",
    "meaning",
    "measure",
    "kind",
    "formula",
    "numerator",
    "denominator",
    "over_places",
    "over_time",
    "reported_at",
    "calendar",
    "decimals",
    "direction",
    "fact",
    "is_key",
    "source",
    "source_url",
    "note",
    "valid_from",
    "valid_to",
)


def meaning_of(row: Definition) -> rules.Definition:
    """The definition of a row, as the rules know it; its indicator is read with it."""
    return rules.Definition(
        code=row.indicator.code,
        breakdowns=tuple(row.breakdowns),
        levels=tuple(row.levels),
        rhythms=tuple(row.rhythms),
        **{name: getattr(row, name) for name in _COPIED},
    )


def columns_of(told: rules.Definition) -> dict[str, object]:
    """What a row of a definition holds: the other way round."""
    lists = {"breakdowns": list(told.breakdowns), "levels": list(told.levels), "rhythms": list(told.rhythms)}
    searched = fold(" ".join([told.name, told.code, told.name_en, told.meaning]))[:600]
    return {name: getattr(told, name) for name in _COPIED} | lists | {"folded": searched}


def families() -> QuerySet[Family]:
    return Family.objects.all()


def breakdowns() -> dict[str, rules.Breakdown]:
    """The ways of breaking figures down, by code, in the order of the screen; named in the reader's language."""
    return {row.code: _in_readers_language(breakdown_meaning(row)) for row in Breakdown.objects.all()}


def breakdown_meaning(row: Breakdown) -> rules.Breakdown:
    """A breakdown as the rules know it."""
    return rules.Breakdown(
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        values=tuple(rules.BreakdownValue(**value) for value in row.values),
        is_complete=row.is_complete,
        is_open=row.is_open,
        note=row.note,
    )


def breakdown_by_code(code: str) -> Breakdown:
    """One breakdown. Raises: Missing."""
    found = Breakdown.objects.filter(code=code).first()
    if found is None:
        raise Missing("Không có phân tổ “{code}”.", code=code)
    return found


# ---- on a day --------------------------------------------------------------------------------------


def definitions_on(day: date, codes: Collection[str] | None = None) -> QuerySet[Definition]:
    """The definitions that hold on a day, of all indicators or of some; drafts hold on none."""
    found = Definition.objects.on(day).exclude(state=DRAFT).select_related("indicator__family")
    return found if codes is None else found.filter(indicator__code__in=codes)


def meanings_on(day: date, codes: Collection[str] | None = None) -> dict[str, rules.Definition]:
    """What indicators mean on a day, by code; with `codes` those, and all that their formulas lean on.

    A derived indicator is worked out with `rules.expand(node, lambda code: known[code].node)` and `rules.compute`.
    """
    if codes is None:
        return {row.indicator.code: meaning_of(row) for row in definitions_on(day)}
    known: dict[str, rules.Definition] = {}
    wanted = set(codes)
    while wanted:
        found = {row.indicator.code: meaning_of(row) for row in definitions_on(day, wanted)}
        known |= found
        wanted = {code for one in found.values() for code in rules.leans_on(one)} - known.keys()
        if not found:
            break
    return known


def meanings_planned(day: date) -> dict[str, rules.Definition]:
    """What indicators mean on a day, and would mean where only a draft says so: what a draft may lean on."""
    drafts = Definition.objects.filter(state=DRAFT).select_related("indicator")
    return {row.indicator.code: meaning_of(row) for row in drafts} | meanings_on(day)


def definition_on(code: str, day: date) -> Definition:
    """The definition of an indicator that holds on a day. Raises: Missing."""
    found = definitions_on(day, [code]).first()
    if not isinstance(found, Definition):
        raise Missing("Chỉ số {code} không có định nghĩa đang dùng vào ngày này.", code=code)
    return found


# ---- one indicator ---------------------------------------------------------------------------------


def indicator_by_code(code: str) -> Indicator:
    """One indicator. Raises: Missing."""
    found = Indicator.objects.select_related("family").filter(code=code.upper()).first()
    if found is None:
        raise Missing("Không có chỉ số {code}.", code=code)
    return found


def versions_of(indicator: Indicator) -> list[Definition]:
    """All definitions of an indicator, the latest first; each with its indicator at hand."""
    rows = Definition.objects.filter(indicator=indicator).select_related("indicator__family").order_by("-version")
    return list(rows)


def shown_version(versions: Iterable[Definition], day: date) -> Definition:
    """Of the versions of one indicator (latest first) that which holds on a day, else its draft, else the latest."""
    listed = list(versions)
    held = [row for row in listed if row.state != DRAFT and row.holds_on(day)]
    drafts = [row for row in listed if row.state == DRAFT]
    return (held or drafts or listed)[0]


def leaning_on(code: str, day: date) -> list[Definition]:
    """The derived definitions, held on a day or drafted, whose formula names an indicator; by code."""
    candidates = shown_on(day).filter(kind="derived", formula__contains=code)
    return [row for row in candidates if code in rules.leans_on(meaning_of(row))]


def formula_words(node: rules.Node, names: Mapping[str, str], known: Mapping[str, rules.Breakdown]) -> str:
    """A formula said in the reader's language; `names` gives what each indicator is called."""
    return rules.in_words(node, name_in_words(names, known), word=in_words)


def name_in_words(names: Mapping[str, str], known: Mapping[str, rules.Breakdown]) -> Callable[[rules.Reference], str]:
    """How an indicator, or a part of it, is called: "Số người biết chữ (nữ)"."""

    def named(one: rules.Reference) -> str:
        name = names.get(one.code, one.code)
        return f"{name} ({rules.by_words(one.by, known)})" if one.by else name

    return named


# ---- lists -----------------------------------------------------------------------------------------


def shown_on(day: date) -> QuerySet[Definition]:
    """One definition of each indicator: that which holds on a day, else its draft, else the latest."""
    holds = Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    rank = Case(When(holds & ~Q(state=DRAFT), then=Value(0)), When(state=DRAFT, then=Value(1)), default=Value(2))
    best = Definition.objects.filter(indicator=OuterRef("pk")).annotate(rank=rank).order_by("rank", "-version")
    chosen = Indicator.objects.annotate(best=Subquery(best.values("pk")[:1])).values("best").order_by()
    rows: QuerySet[Definition] = Definition.objects.filter(pk__in=chosen).select_related("indicator__family")
    return rows.order_by(*SORTS["family"])


def find_definitions(
    *, on: date, text: str = "", family: str = "", kind: str = "", state: str = "", is_key: bool = False, sort: str = ""
) -> QuerySet[Definition]:
    """The indicators of a list: one definition of each, narrowed down; all drafts where drafts are asked for.

    `sort` is one of SORTS; the order of families without one.
    """
    if state == DRAFT:
        rows: QuerySet[Definition] = Definition.objects.filter(state=DRAFT).select_related("indicator__family")
    else:
        rows = shown_on(on)
    holds = Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on)) & ~Q(state=DRAFT)
    if state == IN_FORCE:
        rows = rows.filter(holds)
    elif state == ENDED:
        rows = rows.exclude(holds).exclude(state=DRAFT)
    for word in fold(text).split():
        rows = rows.filter(folded__contains=word)
    if family:
        rows = rows.filter(indicator__family__code=family)
    if kind:
        rows = rows.filter(kind=kind)
    if is_key:
        rows = rows.filter(is_key=True)
    return rows.order_by(*SORTS.get(sort, SORTS["family"]))


class _Named(Protocol):
    name: str
    name_en: str


def called(row: _Named) -> str:
    """What a row is called in the reader's language; in Vietnamese where it has no other name."""
    return row.name_en if row.name_en and get_language() == "en" else row.name


def _in_readers_language(one: rules.Breakdown) -> rules.Breakdown:
    if get_language() != "en":
        return one
    values = tuple(replace(value, name=value.name_en or value.name) for value in one.values)
    return replace(one, name=one.name_en or one.name, values=values)


def names_on(day: date, codes: Collection[str] | None = None) -> dict[str, str]:
    """What indicators are called on a day, or in their draft, by code; in the reader's language."""
    rows = shown_on(day) if codes is None else shown_on(day).filter(indicator__code__in=codes)
    return {row.indicator.code: called(row) for row in rows}
