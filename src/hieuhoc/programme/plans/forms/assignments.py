"""Forms on the pages of one's own work."""

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.ui.forms import DateField, FileInput, SearchText


class ProgressForm(forms.Form):
    """How far the agency has come, and whether it has finished."""

    percent = forms.IntegerField(label=_("Tiến độ (%)"), min_value=0, max_value=100)
    note = forms.CharField(
        label=_("Kết quả, việc đang làm"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text=_("Ghi ngắn gọn việc đã làm và số liệu chính."),
    )
    is_done = forms.BooleanField(
        label=_("Đã hoàn thành, đề nghị xác nhận"), required=False, help_text=_("Tiến độ sẽ được ghi là 100%.")
    )


class EvidenceForm(forms.Form):
    """A file or an address that shows what was done."""

    title = forms.CharField(label=_("Tên minh chứng"), max_length=250, required=False)
    file = forms.FileField(
        label=_("Tệp"),
        required=False,
        widget=FileInput(kinds=(".pdf", ".docx", ".xlsx", ".pptx", ".png", ".jpg", ".webp", ".txt", ".zip"), limit=20),
    )
    link = forms.URLField(label=_("Hoặc địa chỉ trên mạng"), required=False, max_length=500, assume_scheme="https")


class CommentForm(forms.Form):
    """A word on an assignment."""

    text = forms.CharField(label=_("Ý kiến"), widget=forms.Textarea(attrs={"rows": 3}))


class ReturnForm(forms.Form):
    """Why finished work goes back."""

    why = forms.CharField(label=_("Cần bổ sung gì"), widget=forms.Textarea(attrs={"rows": 3}))


class CancelForm(forms.Form):
    """Why an agency is freed of the work, or gets it again."""

    why = forms.CharField(label=_("Lý do"), widget=forms.Textarea(attrs={"rows": 2}))


class DueForm(forms.Form):
    """A new due date, and why."""

    due_on = DateField(label=_("Hạn mới"), required=False, help_text=_("Để trống là không có hạn."))
    why = forms.CharField(label=_("Lý do"), widget=forms.Textarea(attrs={"rows": 2}))


class HandOverForm(forms.Form):
    """To whom the work goes, and why."""

    unit = forms.CharField(label=_("Chuyển cho cơ quan"), widget=SearchText(options_url=reverse_lazy("units:options")))
    why = forms.CharField(label=_("Lý do"), widget=forms.Textarea(attrs={"rows": 2}))


class ReminderForm(forms.Form):
    """What to say to those who are reminded."""

    words = forms.CharField(label=_("Lời nhắc"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
