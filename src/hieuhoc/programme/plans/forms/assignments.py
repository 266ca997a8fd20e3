"""Forms on the pages of one's own work."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.ui.forms import DateField, FileInput
from hieuhoc.programme.plans.forms.units import UnitField


class DeedForm(forms.Form):
    """A form for one deed on an assignment."""

    def typed(self) -> list[str]:
        """The sentences that somebody wrote into it, so that they are not lost when the deed is no longer possible."""
        long = [name for name, field in self.fields.items() if isinstance(field.widget, forms.Textarea)]
        return [text for name in long if (text := str(self.data.get(name, "")).strip())]


class ProgressForm(DeedForm):
    """How far the agency has come, and whether it has finished."""

    percent = forms.IntegerField(
        label=_("Tiến độ (%)"),
        min_value=0,
        max_value=100,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "step": 1}),
    )
    note = forms.CharField(
        label=_("Kết quả, việc đang làm"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text=_("Ghi ngắn gọn việc đã làm và số liệu chính."),
    )
    is_done = forms.BooleanField(
        label=_("Đã hoàn thành, đề nghị xác nhận"),
        required=False,
        help_text=_("Tiến độ sẽ được ghi là 100%; không cần điền ô tiến độ."),
    )

    def clean(self) -> dict[str, Any]:
        """Finished work is 100 % done, whatever stands in the field; other work needs a figure."""
        given = super().clean() or {}
        if given.get("is_done"):
            self.errors.pop("percent", None)
            return given | {"percent": 100}
        if given.get("percent") is None and "percent" not in self.errors:
            self.add_error("percent", _("Hãy ghi tiến độ, từ 0 đến 100."))
        return given


class EvidenceForm(DeedForm):
    """A file or an address that shows what was done."""

    title = forms.CharField(
        label=_("Tên minh chứng"), max_length=250, required=False, help_text=_("Để trống thì lấy tên tệp hoặc địa chỉ.")
    )
    file = forms.FileField(
        label=_("Tệp"),
        required=False,
        widget=FileInput(kinds=(".pdf", ".docx", ".xlsx", ".pptx", ".png", ".jpg", ".webp", ".txt", ".zip"), limit=20),
    )
    link = forms.URLField(label=_("Hoặc địa chỉ trên mạng"), required=False, max_length=500, assume_scheme="https")


class CommentForm(DeedForm):
    """A word on an assignment."""

    text = forms.CharField(label=_("Ý kiến"), widget=forms.Textarea(attrs={"rows": 3}))


class ReturnForm(DeedForm):
    """Why finished work goes back."""

    why = forms.CharField(label=_("Cần bổ sung gì"), widget=forms.Textarea(attrs={"rows": 3}))


class CancelForm(DeedForm):
    """Why an agency is freed of the work, or gets it again."""

    why = forms.CharField(label=_("Lý do"), widget=forms.Textarea(attrs={"rows": 2}))


class DueForm(DeedForm):
    """A new due date, and why."""

    due_on = DateField(label=_("Hạn mới"), required=False, help_text=_("Để trống là không có hạn."))
    why = forms.CharField(label=_("Lý do"), widget=forms.Textarea(attrs={"rows": 2}))


class HandOverForm(DeedForm):
    """To whom the work goes, and why."""

    unit = UnitField(label=_("Chuyển cho cơ quan"))
    why = forms.CharField(label=_("Lý do"), widget=forms.Textarea(attrs={"rows": 2}))


class ReminderForm(forms.Form):
    """What to say to those who are reminded."""

    words = forms.CharField(
        label=_("Lời nhắc"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=1000,
        help_text=_("Gửi kèm trong thư tới người báo cáo của từng cơ quan."),
    )
