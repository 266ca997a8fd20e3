"""Forms of the form builder: a section, each kind of block with its rows, and the checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui.wording import say
from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.vietnamese import write_number
from hieuhoc.registers.indicators.rules import measures
from hieuhoc.registers.indicators.rules.breakdown import chosen_by, read_by
from hieuhoc.reports.forms.editing import Block, new_key
from hieuhoc.reports.forms.fields import IndicatorField, NamesIndicators
from hieuhoc.reports.selectors import choosing

LEVELS = (("error", gettext_lazy("Lỗi: chưa sửa thì chưa nộp được")), ("warning", gettext_lazy("Nhắc: nộp được")))


class SectionForm(forms.Form):
    """The heading of a section."""

    heading = forms.CharField(label=gettext_lazy("Tên mục"), max_length=250)


class BlockForm(forms.Form):
    """What every block has: its label."""

    label = forms.CharField(label=gettext_lazy("Tên phần"), max_length=250)

    def content(self) -> dict[str, Any]:
        """What goes into the block."""
        return {"label": self.cleaned_data["label"]}


class NarrativeForm(BlockForm):
    """A part in words."""

    guidance = forms.CharField(
        label=gettext_lazy("Gợi ý cho người viết"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=gettext_lazy("Hiện ngay trên ô nhập: cần nêu gì, dài bao nhiêu."),
    )
    required = forms.BooleanField(label=gettext_lazy("Bắt buộc"), required=False)
    most = forms.IntegerField(
        label=gettext_lazy("Tối đa (chữ cái)"), min_value=50, max_value=20_000, required=False, initial=4000
    )

    def content(self) -> dict[str, Any]:
        told = self.cleaned_data
        content = super().content() | {"guidance": told["guidance"], "required": told["required"]}
        return content | {"most": told["most"] or 4000}


class ChoiceForm(BlockForm):
    """A list to choose from, one line an option."""

    options = forms.CharField(
        label=gettext_lazy("Các mục để chọn"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Mỗi dòng một mục."),
    )
    required = forms.BooleanField(label=gettext_lazy("Bắt buộc"), required=False)

    def __init__(self, *given: Any, known: Sequence[Sequence[str]] = (), **named: Any) -> None:
        super().__init__(*given, **named)
        self.known = {words: key for key, words in known}

    def clean_options(self) -> list[list[str]]:
        lines = [line.strip() for line in self.cleaned_data["options"].splitlines() if line.strip()]
        if len(lines) < 2:
            raise forms.ValidationError(_("Hãy ghi ít nhất hai mục, mỗi mục một dòng."))
        if len(set(lines)) != len(lines):
            raise forms.ValidationError(_("Có hai mục giống nhau."))
        options: list[list[str]] = []
        for line in lines:
            taken = [*(key for key, _words in options), *self.known.values()]
            options.append([self.known.get(line) or new_key(line, taken, short="muc"), line])
        return options

    def content(self) -> dict[str, Any]:
        told = self.cleaned_data
        return super().content() | {"options": told["options"], "required": told["required"]}


class ChartForm(NamesIndicators, BlockForm):
    """One indicator, drawn."""

    indicator = IndicatorField()
    over = forms.ChoiceField(
        label=gettext_lazy("Vẽ theo"),
        choices=[("time", gettext_lazy("thời gian")), ("units", gettext_lazy("đơn vị trực thuộc"))],
    )

    def content(self) -> dict[str, Any]:
        told = self.cleaned_data
        return super().content() | {"indicator": told["indicator"], "over": told["over"]}


FORMS: Mapping[str, type[BlockForm]] = {"narrative": NarrativeForm, "choice": ChoiceForm, "chart": ChartForm}


class _PartForm(forms.Form):
    """Something with a breakdown: a column or a cell."""

    by = forms.ChoiceField(label=gettext_lazy("Phân tổ"), required=False)
    and_by = forms.ChoiceField(label=gettext_lazy("và"), required=False)

    def __init__(self, *given: Any, parts: Sequence[tuple[str, str]] = (), **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["by"].choices = [("", _("Tổng số")), *parts]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["and_by"].choices = [("", "–"), *parts]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        try:
            given["by"] = read_by(",".join(filter(None, [given.get("by", ""), given.get("and_by", "")])))
        except Invalid as error:
            self.add_error("and_by", say(error))
        return given


class CellForm(NamesIndicators, _PartForm):
    """One figure: the indicator, which part of it, and between what it lies. Empty rows are left out."""

    key = forms.CharField(required=False, widget=forms.HiddenInput, max_length=60)
    indicator = IndicatorField(required=False)
    label = forms.CharField(label=gettext_lazy("Tên hiện trên biểu"), max_length=250, required=False)
    required = forms.BooleanField(label=gettext_lazy("Bắt buộc"), required=False)
    least = forms.CharField(label=gettext_lazy("Từ"), max_length=25, required=False)
    most = forms.CharField(label=gettext_lazy("Đến"), max_length=25, required=False)

    field_order = ("key", "indicator", "by", "and_by", "label", "required", "least", "most")

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        found = choosing.definitions_of([given.get("indicator") or ""], on=clock.today())
        shown_in = measures.MEASURES[next(iter(found.values())).measure] if found else measures.MEASURES["count"]
        for name in ("least", "most"):
            given[name] = self._bound(name, given.get(name) or "", shown_in)
        return given

    def _bound(self, name: str, text: str, shown_in: measures.Measure) -> int | None:
        if not text:
            return None
        try:
            return int(measures.read_value(text, shown_in))
        except Invalid as error:
            self.add_error(name, say(error))
            return None


class ColumnForm(_PartForm):
    """A column of a table."""

    key = forms.CharField(required=False, widget=forms.HiddenInput, max_length=60)
    label = forms.CharField(label=gettext_lazy("Tên cột"), max_length=120, required=False)

    field_order = ("key", "label", "by", "and_by")


class RowForm(NamesIndicators):
    """A row of a table, or an indicator in the list of a table by units."""

    key = forms.CharField(required=False, widget=forms.HiddenInput, max_length=60)
    indicator = IndicatorField(required=False)
    label = forms.CharField(label=gettext_lazy("Tên hiện trên biểu"), max_length=250, required=False)
    required = forms.BooleanField(label=gettext_lazy("Bắt buộc"), required=False)


class UnitsRowForm(NamesIndicators):
    """One indicator of a table by units."""

    indicator = IndicatorField(required=False)


class CheckForm(forms.Form):
    """A check of the whole form: a comparison, how grave, and in which words it is said."""

    key = forms.CharField(required=False, widget=forms.HiddenInput, max_length=60)
    rule = forms.CharField(label=gettext_lazy("Điều phải đúng"), max_length=500, required=False)
    level = forms.ChoiceField(label=gettext_lazy("Khi sai"), choices=LEVELS, required=False)
    words = forms.CharField(
        label=gettext_lazy("Câu nói với người nhập"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


BLANK_ROWS = 2
Rows = forms.BaseFormSet[Any]
ROW_FORMS: Mapping[str, tuple[tuple[str, type[forms.Form]], ...]] = {
    "figures": (("cells", CellForm),),
    "table": (("columns", ColumnForm), ("rows", RowForm)),
    "units": (("indicators", UnitsRowForm),),
}


def _split(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the layout as its form shows it."""
    shown = dict(row)
    if "by" in shown:
        parts = [f"{key}={value}" for key, value in chosen_by(shown["by"]).items()]
        shown["by"], shown["and_by"] = (*parts, "", "")[:2]
    for name in ("least", "most"):
        if isinstance(shown.get(name), int):
            shown[name] = _bound_words(shown[name], shown.get("indicator", ""))
    return shown


def _bound_words(value: int, code: str) -> str:
    found = choosing.definitions_of([code], on=clock.today())
    scale = measures.MEASURES[next(iter(found.values())).measure].scale if found else 1
    shown = Fraction(value, scale)
    return write_number(int(shown) if shown.denominator == 1 else float(shown))


def rows_of(block: Block, name: str) -> list[dict[str, Any]]:
    """The rows of one list of a block, as their forms show them."""
    rows = block.get(name) or []
    if name == "indicators":
        return [{"indicator": code} for code in rows]
    return [_split(row) for row in rows]


def _names_in(block: Block) -> dict[str, str]:
    """What the indicators of a block are called, by code."""
    codes = {row.get("indicator", "") for name in ("cells", "rows") for row in block.get(name) or ()}
    codes |= {*(block.get("indicators") or ()), block.get("indicator", "")}
    return {code: choosing.choice_words(one) for code, one in choosing.definitions_of(codes, on=clock.today()).items()}


def block_form(block: Block, sent: Any = None) -> BlockForm:
    """The form of a block's own words."""
    made = FORMS.get(block["type"], BlockForm)
    initial = dict(block)
    more: dict[str, Any] = {}
    if block["type"] == "chart":
        more["names"] = _names_in(block)
    if block["type"] == "choice":
        initial["options"] = "\n".join(words for _key, words in block.get("options") or ())
        more["known"] = block.get("options") or ()
    return made(sent, initial=initial, prefix="block", **more)


def row_sets(block: Block, sent: Any = None) -> dict[str, Rows]:
    """The lists of a block: its cells, or its columns and rows, each with two empty rows at the end."""
    sets: dict[str, Rows] = {}
    names = _names_in(block)
    for name, form in ROW_FORMS.get(block["type"], ()):
        made = forms.formset_factory(form, extra=BLANK_ROWS, can_delete=True, max_num=200, absolute_max=300)
        more: dict[str, Any] = {"parts": choosing.part_choices()} if issubclass(form, _PartForm) else {}
        if issubclass(form, NamesIndicators):
            more["names"] = names
        sets[name] = made(sent, initial=rows_of(block, name), prefix=name, form_kwargs=more)
    return sets


def check_set(checks: Sequence[Mapping[str, Any]], sent: Any = None) -> Rows:
    """The checks of a layout, with two empty rows at the end."""
    made = forms.formset_factory(CheckForm, extra=BLANK_ROWS, can_delete=True, max_num=200, absolute_max=300)
    return made(sent, initial=[dict(one) for one in checks], prefix="checks")


def filled_rows(rows: Rows) -> list[dict[str, Any]]:
    """What a valid list holds, without the empty rows and those that were taken out."""
    kept = []
    for form in rows:
        told = form.cleaned_data
        if told and not told.get("DELETE") and any(told.get(name) for name in ("indicator", "label", "by", "rule")):
            kept.append({name: value for name, value in told.items() if name not in ("DELETE", "and_by")})
    return kept


def read_block(block: Block, form: BlockForm, rows: Mapping[str, Rows]) -> Block:
    """The block with what its valid forms say."""
    changed = block | form.content()
    for name, chosen in rows.items():
        told = filled_rows(chosen)
        if name == "indicators":
            changed[name] = list(dict.fromkeys(row["indicator"] for row in told if row["indicator"]))
        else:
            changed[name] = _with_keys(told)
    return changed


def _with_keys(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows that keep their keys for ever, and new ones with keys of their own."""
    taken = [row["key"] for row in rows if row.get("key")]
    for row in rows:
        if not row.get("key"):
            words = row.get("label") or row.get("indicator", "").rpartition(".")[2] or row.get("by", "")
            row["key"] = new_key(words.replace(".", " "), taken, short="o")
            taken.append(row["key"])
    return rows


def read_checks(rows: Rows) -> list[dict[str, Any]]:
    """The checks that a valid list holds."""
    return [row for row in _with_keys(filled_rows(rows)) if row.get("rule")]


def moved(rows: list[Any], place: int, steps: int) -> list[Any]:
    """The list with one row further up or down."""
    copy = list(rows)
    if 0 <= place < len(copy) and 0 <= place + steps < len(copy):
        copy.insert(place + steps, copy.pop(place))
    return copy
