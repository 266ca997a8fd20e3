"""Forms for taking a document in and correcting its reading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.ui.forms import DateField, FileInput, SearchSelect
from hieuhoc.foundation.ui.wording import choices
from hieuhoc.programme.plans import rules
from hieuhoc.programme.plans.forms.units import UnitField

if TYPE_CHECKING:
    from hieuhoc.programme.plans.models import Plan, Section, Task, TaskAgency
    from hieuhoc.registers.places.models import Unit

KINDS = (".docx", ".pdf", ".html", ".txt", ".md")
MEGABYTES = 20


def _named(plan: Plan) -> str:
    return f"{plan.number} · {plan.subject}"[:140] if plan.number else plan.subject[:140]


class _AbovePlanForm(forms.Form):
    """A form in which a plan above may be chosen among those that the user sees."""

    def __init__(self, *args: Any, above: Iterable[Plan] = (), **given: Any) -> None:
        super().__init__(*args, **given)
        self.plans_above = {str(plan.pk): plan for plan in above}
        if not self.plans_above:
            del self.fields["above"]
            return
        choices = [
            ("", _("Không gắn với kế hoạch nào")),
            *((key, _named(one)) for key, one in self.plans_above.items()),
        ]
        chosen = self.fields["above"]
        if isinstance(chosen, forms.ChoiceField):
            chosen.choices = choices

    def clean_above(self) -> Plan | None:
        return self.plans_above.get(self.cleaned_data["above"])


class TakeInForm(_AbovePlanForm):
    """A signed document to be read."""

    file = forms.FileField(
        label=_("Văn bản đã ký"),
        widget=FileInput(kinds=KINDS, limit=MEGABYTES),
        help_text=_("Chọn tệp, hoặc kéo tệp thả vào ô này. Bản quét (ảnh) thì nhận dạng chữ trước khi đưa vào."),
        error_messages={
            "required": _("Hãy chọn tệp văn bản."),
            "empty": _("Tệp này rỗng. Hãy chọn lại tệp."),
        },
    )
    issuer = UnitField(
        label=_("Cơ quan ban hành"),
        required=False,
        help_text=_("Để trống thì lấy theo văn bản. Gõ vài chữ của tên, không cần dấu, rồi chọn."),
    )
    above = forms.ChoiceField(
        label=_("Thực hiện kế hoạch cấp trên"),
        required=False,
        widget=SearchSelect(),
        help_text=_("Nếu đây là kế hoạch của địa phương, cơ quan để thực hiện một kế hoạch đã có."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MEGABYTES * 1024 * 1024:
            raise forms.ValidationError(
                _("Tệp lớn hơn %(limit)s MB. Hãy giảm dung lượng rồi gửi lại."), params={"limit": MEGABYTES}
            )
        return file


class HeaderForm(_AbovePlanForm):
    """What stands at the head and the foot of the document."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    kind = forms.CharField(label=_("Loại văn bản"), max_length=60)
    number = forms.CharField(
        label=_("Số, ký hiệu"), max_length=60, required=False, help_text=_("Như trên văn bản: 144/KH-UBND.")
    )
    issued_on = DateField(label=_("Ngày ban hành"), required=False)
    place = forms.CharField(label=_("Nơi ban hành"), max_length=120, required=False)
    issuer_name = forms.CharField(label=_("Cơ quan ban hành, như văn bản ghi"), max_length=250, required=False)
    issuer = UnitField(label=_("Cơ quan ban hành, trong danh mục"))
    lead = UnitField(
        label=_("Cơ quan đầu mối"),
        required=False,
        help_text=_("Theo dõi, đôn đốc, xác nhận kết quả và nhận vướng mắc. Phải có trước khi xác nhận."),
    )
    subject = forms.CharField(label=_("Trích yếu"), widget=forms.Textarea(attrs={"rows": 3}))
    signer_name = forms.CharField(label=_("Người ký"), max_length=120, required=False)
    signer_post = forms.CharField(label=_("Chức vụ người ký"), max_length=120, required=False)
    above = forms.ChoiceField(label=_("Thực hiện kế hoạch cấp trên"), required=False, widget=SearchSelect())

    def know(self, units: Iterable[Unit | None]) -> None:
        """Show these units by their names."""
        for name in ("issuer", "lead"):
            field = self.fields[name]
            if isinstance(field, UnitField):
                field.know(unit for unit in units if unit)


class TaskForm(forms.Form):
    """One proposed task, without its agencies."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(label=_("Nội dung nhiệm vụ"), widget=forms.Textarea(attrs={"rows": 5}))
    due_on = DateField(label=_("Hạn hoàn thành"), required=False)
    recurrence = forms.ChoiceField(label=_("Lặp lại"), required=False, choices=choices(rules.RECURRENCES.items()))
    is_requested = forms.BooleanField(label=_("Đề nghị phối hợp, không phải giao"), required=False)
    product = forms.CharField(label=_("Sản phẩm"), required=False, max_length=500)


class AgencyForm(forms.Form):
    """One agency of a task: its words in the document, and the unit that they mean."""

    name = forms.CharField(label=_("Tên, như văn bản ghi"), required=False, max_length=400)
    unit = UnitField(label=_("Đơn vị trong danh mục"), required=False)

    def __init__(self, *args: Any, units: Sequence[Unit] = (), **given: Any) -> None:
        super().__init__(*args, **given)
        field = self.fields["unit"]
        if isinstance(field, UnitField):
            field.know(units)


class _Agencies(forms.BaseFormSet):  # type: ignore[type-arg]  # the stubs make it generic, Django does not
    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Bỏ")

    def named(self) -> list[tuple[str, Unit | None]]:
        """The agencies that were kept: name and unit; a unit without words takes the name of the register."""
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        return [
            (row.get("name") or row["unit"].name, row.get("unit")) for row in rows if row.get("name") or row.get("unit")
        ]


AgencyFormSet = forms.formset_factory(
    AgencyForm, formset=_Agencies, extra=1, can_delete=True, max_num=80, validate_max=True
)


class SplitForm(forms.Form):
    """Where a task is cut in two."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    at = forms.IntegerField(min_value=1, error_messages={"required": _("Hãy chọn chỗ tách.")})


class AddTaskForm(forms.Form):
    """A task that the reader missed."""

    text = forms.CharField(label=_("Nội dung nhiệm vụ"), widget=forms.Textarea(attrs={"rows": 5}))
    section = forms.ChoiceField(label=_("Thuộc mục"), required=False, widget=SearchSelect())
    line = forms.IntegerField(
        label=_("Dòng trong văn bản"), required=False, min_value=1, help_text=_("Để trống nếu không rõ.")
    )

    def __init__(self, *args: Any, sections: Sequence[Section] = (), **given: Any) -> None:
        super().__init__(*args, **given)
        self.sections = {str(section.pk): section for section in sections}
        chosen = self.fields["section"]
        if isinstance(chosen, forms.ChoiceField):
            chosen.choices = [
                ("", _("Không thuộc mục nào")),
                *((key, f"{one.path}. {one.heading}"[:100]) for key, one in self.sections.items()),
            ]

    def clean_section(self) -> Section | None:
        return self.sections.get(self.cleaned_data["section"])


class LinkForm(forms.Form):
    """Which unit a name means."""

    name = forms.CharField(widget=forms.HiddenInput, max_length=400)
    unit = UnitField(label=_("Đây là đơn vị nào?"))


def task_values(task: Task) -> dict[str, Any]:
    """What `TaskForm` shows of a task."""
    return {name: getattr(task, name) for name in TaskForm.base_fields}


def agency_values(rows: Iterable[TaskAgency], role: str) -> list[dict[str, Any]]:
    """What `AgencyFormSet` shows of a task's agencies in one role."""
    return [{"name": one.name, "unit": one.unit.key if one.unit else ""} for one in rows if one.role == role]
