"""Reading what indicators mean: the list, one indicator with its versions, the ways of breaking down, and files."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hieuhoc.foundation.records import clock, trail
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.wording import in_words, say
from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts import selectors as accounts
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.indicators import documents, rules, selectors
from hieuhoc.registers.indicators.models import Definition
from hieuhoc.registers.indicators.views.shown import badge_of, day_asked, fact, listed, select

if TYPE_CHECKING:
    from datetime import date

SHOWN_LINES = 20


@require_safe
def indicator_list(request: UserRequest) -> HttpResponse:
    """All indicators, by family; searched, narrowed down, sorted."""
    access.require_somewhere(request.user, Permission.INDICATOR_READ)
    on = clock.today()
    page = pages.page_of(request, _found(request, on))
    asked = request.GET
    context = {
        "title": _("Chỉ số"),
        "page": page,
        "rows": [_row(row, on) for row in page],
        "q": asked.get("q", ""),
        "by_family": not asked.get("sort"),
        "selects": _selects(request),
        "may_edit": access.has(request.user, Permission.INDICATOR_EDIT),
    }
    return pages.render(request, "indicators/indicator_list.html", context, fragment="indicators/_indicators.html")


@require_safe
def indicator_download(request: UserRequest) -> HttpResponse:
    """The list as a workbook; the filters of the list apply."""
    access.require_somewhere(request.user, Permission.INDICATOR_READ)
    on = clock.today()
    rows = [(row.indicator.family.code, selectors.meaning_of(row)) for row in _found(request, on)]
    return pages.download(documents.definitions_workbook(rows, on=on), _("Danh mục chỉ số.xlsx"), documents.XLSX)


def _found(request: UserRequest, on: date) -> Any:
    asked = request.GET
    return selectors.find_definitions(
        on=on,
        text=asked.get("q", ""),
        family=asked.get("family", ""),
        kind=asked.get("kind", ""),
        state=asked.get("state", ""),
        is_key=asked.get("key") == "1",
        sort=asked.get("sort", ""),
    )


def _selects(request: UserRequest) -> list[dict[str, Any]]:
    asked = request.GET
    families = [("", _("Mọi nhóm")), *((one.code, selectors.called(one)) for one in selectors.families())]
    kinds = [("", _("Mọi loại")), *Definition.Kind.choices]
    states = [
        ("", _("Mọi trạng thái")),
        (selectors.IN_FORCE, _("Đang dùng")),
        (selectors.DRAFT, _("Bản nháp")),
        (selectors.ENDED, _("Hết hiệu lực")),
    ]
    keys = [("", _("Tất cả")), ("1", _("Chỉ số chính"))]
    sorts = [
        ("", _("Theo nhóm")),
        ("name", _("Theo tên")),
        ("code", _("Theo mã")),
        ("-from", _("Hiệu lực mới nhất")),
    ]
    return [
        select("family", _("Nhóm"), families, asked.get("family", "")),
        select("kind", _("Loại"), kinds, asked.get("kind", "")),
        select("state", _("Trạng thái"), states, asked.get("state", "")),
        select("key", _("Mức quan trọng"), keys, asked.get("key", "")),
        select("sort", _("Sắp xếp"), sorts, asked.get("sort", "")),
    ]


def _row(row: Definition, on: date) -> dict[str, Any]:
    return {
        "definition": row,
        "name": selectors.called(row),
        "family": row.indicator.family,
        "family_name": selectors.called(row.indicator.family),
        "measure": in_words(rules.measure(row.measure).name),
        "rhythms": listed(rules.RHYTHMS, row.rhythms),
        "badge": badge_of(row, on),
    }


@require_safe
def indicator_detail(request: UserRequest, code: str) -> HttpResponse:
    """What one indicator means on a day (?on=) or by one of its versions (?version=), what it leans on, what on it."""
    access.require_somewhere(request.user, Permission.INDICATOR_READ)
    indicator = selectors.indicator_by_code(code)
    versions = selectors.versions_of(indicator)
    on = day_asked(request, "on", default=clock.today())
    asked = request.GET.get("version", "")
    row = next((one for one in versions if str(one.version) == asked), None) or selectors.shown_version(versions, on)
    told = selectors.meaning_of(row)
    draft = next((one for one in versions if one.state == selectors.DRAFT), None)
    may_edit = access.has(request.user, Permission.INDICATOR_EDIT)
    context = {
        "title": selectors.called(row),
        "indicator": indicator,
        "family_name": selectors.called(indicator.family),
        "definition": row,
        "badge": badge_of(row, on),
        "facts": _facts(told),
        "formula": _formula(told, on),
        "above": [
            {"code": one.indicator.code, "name": selectors.called(one)}
            for one in selectors.leaning_on(indicator.code, on)
        ],
        "versions": [_version(one, on, shown=row) for one in versions],
        "draft": draft,
        "may_edit": may_edit,
        "may_end": may_edit and row.state == selectors.IN_FORCE,
        "crumbs": [{"label": _("Chỉ số"), "url": reverse("indicators:list")}, {"label": indicator.code}],
        "lines": _history(request, row),
    }
    return pages.render(request, "indicators/indicator_detail.html", context)


def _version(row: Definition, on: date, *, shown: Definition) -> dict[str, Any]:
    return {"row": row, "name": selectors.called(row), "badge": badge_of(row, on), "is_shown": row.pk == shown.pk}


def _facts(told: rules.Definition) -> list[dict[str, str]]:
    """What is said of a definition beside its meaning."""
    known = selectors.breakdowns()
    facts = [fact(_("Đơn vị tính"), in_words(told.shown_in.name))]
    if told.kind == "base":
        facts += [
            fact(_("Tổng hợp theo địa bàn"), Definition.OverPlaces(told.over_places).label),
            fact(_("Tổng hợp theo thời gian"), Definition.OverTime(told.over_time).label),
            fact(_("Cấp báo số liệu gốc"), in_words(rules.LEVELS[told.reported_at])),
            fact(
                _("Lấy số liệu"), _("đếm từ sổ sách (%(fact)s)") % {"fact": told.fact} if told.fact else _("đơn vị báo")
            ),
        ]
    else:
        facts.append(fact(_("Tổng hợp"), _("tính lại từ tổng của các phần, ở từng cấp và từng kỳ")))
    facts += [
        fact(_("Cấp có số liệu"), listed(rules.LEVELS, told.levels)),
        fact(_("Lịch báo cáo"), in_words(rules.CALENDARS[told.calendar])),
        fact(_("Kỳ"), listed(rules.RHYTHMS, told.rhythms)),
        fact(_("Số chữ số thập phân"), told.decimals),
        fact(_("Chiều tốt"), Definition.Direction(told.direction).label),
    ]
    for code in told.breakdowns:
        one = known.get(code)
        parts = ", ".join(value.name for value in one.values) if one else ""
        facts.append(
            fact(
                _("Phân tổ"),
                one.name if one else code,
                url=reverse("indicators:breakdown-list") + f"#{code}",
                note=f"({parts or _('chưa có giá trị')})",
            )
        )
    until = f" – {write_date(told.valid_to)}" if told.valid_to else ""
    facts.append(fact(_("Hiệu lực"), _("từ ngày %(day)s") % {"day": write_date(told.valid_from)} + until))
    facts.append(fact(_("Văn bản, nguồn"), told.source, url=told.source_url))
    return facts


def _formula(told: rules.Definition, on: date) -> dict[str, Any] | None:
    """The formula in words, with what it leans on; none for a base figure."""
    if told.node is None:
        return None
    names = selectors.names_on(on, rules.leans_on(told))
    known = selectors.breakdowns()
    return {
        "text": told.formula,
        "words": selectors.formula_words(told.node, names, known),
        "parts": [{"code": code, "name": names.get(code, code)} for code in sorted(rules.leans_on(told))],
    }


def _history(request: UserRequest, row: Definition) -> list[accounts.Line]:
    if not access.may_in_a_province(request.user, Permission.TRAIL_READ):
        return []
    return accounts.told(trail.history(row)[:SHOWN_LINES])


@require_safe
def formula_check(request: UserRequest) -> HttpResponse:
    """What a formula that is being typed says, or what is wrong with it and where: a fragment."""
    access.require_somewhere(request.user, Permission.INDICATOR_EDIT)
    text = request.GET.get("formula", "")
    return pages.render(request, "indicators/_formula_check.html", checked_formula(text, clock.today()))


def checked_formula(text: str, on: date) -> dict[str, Any]:
    """A formula in words, and in which measures it can be shown; or the problem with the text around it."""
    if not text.strip():
        return {}
    known = selectors.meanings_planned(on)
    try:
        node = rules.parse(text)
        rules.check_known(node, known)
        dimension = rules.dimension_of(node, lambda code: known[code].shown_in.dimension)
    except rules.FormulaError as problem:
        return {"problem": say(problem), "before": text[: problem.at], "wrong": _marked(text, problem)}
    except Invalid as problem:
        return {"problem": say(problem)}
    names = {code: one.name for code, one in known.items()}
    measures = [in_words(one.name) for one in rules.measures_for(dimension)]
    return {
        "words": selectors.formula_words(node, names, selectors.breakdowns()),
        "measures": ", ".join(measures) or dimension.words,
        "has_measure": bool(measures),
    }


def _marked(text: str, problem: rules.FormulaError) -> str:
    return text[problem.at : problem.at + problem.length] or "…"


@require_safe
def breakdown_list(request: UserRequest) -> HttpResponse:
    """The ways of breaking figures down, each with its parts."""
    access.require_somewhere(request.user, Permission.INDICATOR_READ)
    context = {
        "title": _("Phân tổ"),
        "rows": selectors.breakdowns().values(),
        "may_edit": access.has(request.user, Permission.INDICATOR_EDIT),
        "crumbs": [{"label": _("Chỉ số"), "url": reverse("indicators:list")}, {"label": _("Phân tổ")}],
    }
    return pages.render(request, "indicators/breakdown_list.html", context, status=HTTPStatus.OK)


urlpatterns = [
    path("", indicator_list, name="list"),
    path("download/", indicator_download, name="download"),
    path("check/", formula_check, name="formula-check"),
    path("breakdowns/", breakdown_list, name="breakdown-list"),
]
detail_urlpatterns = [path("<str:code>/", indicator_detail, name="detail")]
