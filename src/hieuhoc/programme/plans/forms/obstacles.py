"""Forms on the pages of obstacles."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hieuhoc.programme.plans.models import Obstacle


class ObstacleForm(forms.Form):
    """What blocks the work, in the words of whoever meets it."""

    title = forms.CharField(label=_("Vướng mắc, trong một câu"), max_length=250)
    topic = forms.ChoiceField(label=_("Lĩnh vực"), choices=[("", _("Chọn lĩnh vực")), *Obstacle.TOPICS])
    text = forms.CharField(
        label=_("Mô tả"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Chuyện gì, ở đâu, từ bao giờ, ảnh hưởng thế nào. Không ghi thông tin riêng của người dân."),
    )
    proposal = forms.CharField(label=_("Đề xuất"), widget=forms.Textarea(attrs={"rows": 3}), required=False)


class WordsForm(forms.Form):
    """A word that goes with a step."""

    words = forms.CharField(label=_("Nội dung"), widget=forms.Textarea(attrs={"rows": 4}))


class AnswerForm(WordsForm):
    """The answer."""

    words = forms.CharField(
        label=_("Trả lời"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Nói rõ cách làm, căn cứ, ai làm tiếp và đến khi nào. Người nêu nhận được thư ngay."),
    )


class EscalateForm(WordsForm):
    """Why it goes up."""

    words = forms.CharField(label=_("Lý do chuyển lên, ý kiến đề xuất"), widget=forms.Textarea(attrs={"rows": 4}))


class ReopenForm(WordsForm):
    """What the answer left open."""

    words = forms.CharField(label=_("Còn vướng ở đâu"), widget=forms.Textarea(attrs={"rows": 4}))


class FreeWordsForm(forms.Form):
    """A word that may be left out."""

    words = forms.CharField(label=_("Ghi chú"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
