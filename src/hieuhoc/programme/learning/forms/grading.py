"""The forms of grading: a set as lines of text, points by criterion, the day from which a set is used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.ui.forms import DateField
from hieuhoc.foundation.ui.wording import capital_choices
from hieuhoc.programme.learning.rules import grading, kinds


class SetForm(forms.Form):
    """A set of criteria, as lines that people write."""

    code = forms.SlugField(
        label=_("Mã"), max_length=60, help_text=_("Chữ không dấu, số, gạch nối; ví dụ: ttht-cong-dong.")
    )
    provider_kind = forms.ChoiceField(label=_("Dùng cho"), choices=capital_choices(kinds.PROVIDERS.items()))
    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Tên"), max_length=255)
    source = forms.CharField(label=_("Văn bản"), max_length=255, required=False)
    valid_from = DateField(label=_("Áp dụng từ ngày"))
    groups = forms.CharField(
        label=_("Nhóm và tiêu chí"),
        widget=forms.Textarea({"rows": 16}),
        max_length=40_000,
        help_text=_("Dòng “# tên nhóm”, rồi mỗi dòng một tiêu chí: tên | điểm tối đa | cách chấm (có thể bỏ)."),
    )
    grades = forms.CharField(
        label=_("Mức xếp loại"),
        widget=forms.Textarea({"rows": 5}),
        max_length=2_000,
        help_text=_("Mỗi dòng: tên mức | từ bao nhiêu điểm. Mức thấp nhất từ 0."),
    )
    questions = forms.CharField(
        label=_("Câu hỏi khảo sát"),
        widget=forms.Textarea({"rows": 5}),
        max_length=10_000,
        required=False,
        help_text=_("Mỗi dòng: câu hỏi | chữ, số, hoặc: có, không."),
    )


class InForceForm(forms.Form):
    """From which day, and by which instrument, a set is used."""

    valid_from = DateField(label=_("Áp dụng từ ngày"))
    source = forms.CharField(label=_("Văn bản ban hành"), max_length=255)


class RetireForm(forms.Form):
    """From which day a set is used no more."""

    on = DateField(label=_("Thôi dùng từ ngày"))


class PointsForm(forms.Form):
    """Points and a note for each criterion, and answers to the survey where it is asked."""

    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *given: Any,
        content: grading.Content,
        told: Mapping[str, Mapping[str, Any]],
        answers: Mapping[str, str] | None = None,
        **named: Any,
    ) -> None:
        super().__init__(*given, **named)
        self.content = content
        self.asks = answers is not None
        for one in content.criteria:
            kept = told.get(one.key, {})
            self.fields[one.key] = forms.DecimalField(
                label=one.name,
                min_value=0,
                max_value=one.most,
                decimal_places=2,
                required=False,
                localize=True,
                initial=kept.get("points"),
                widget=forms.TextInput({"inputmode": "decimal", "size": "6"}),
            )
            self.fields[f"note_{one.key}"] = forms.CharField(
                label=_("Ghi chú, minh chứng"), max_length=1000, required=False, initial=kept.get("note", "")
            )
        for question in content.questions if answers is not None else ():
            self.fields[f"answer_{question.key}"] = self._answer(question, answers or {})

    @staticmethod
    def _answer(question: grading.Question, answers: Mapping[str, str]) -> forms.Field:
        told: dict[str, Any] = {
            "label": question.name,
            "required": False,
            "initial": answers.get(question.key, ""),
        }
        if question.kind == "yes_no":
            return forms.ChoiceField(choices=[("", _("Chưa trả lời")), ("có", _("Có")), ("không", _("Không"))], **told)
        if question.kind == "number":
            return forms.IntegerField(min_value=0, **told)
        return forms.CharField(max_length=2000, widget=forms.Textarea({"rows": 3}), **told)

    def by_group(self) -> Iterator[tuple[grading.Group, list[tuple[grading.Criterion, Any, Any]]]]:
        """The rows of the tables: each criterion with its two fields."""
        for group in self.content.groups:
            yield group, [(one, self[one.key], self[f"note_{one.key}"]) for one in group.criteria]

    def asked(self) -> list[Any]:
        """The fields of the survey."""
        return [self[f"answer_{one.key}"] for one in self.content.questions] if self.asks else []

    def points(self) -> dict[str, dict[str, Any]]:
        """What was written, by criterion."""
        told = self.cleaned_data
        return {one.key: {"points": told[one.key], "note": told[f"note_{one.key}"]} for one in self.content.criteria}

    def answers(self) -> dict[str, str]:
        """What was answered, by question."""
        told = {one.key: self.cleaned_data.get(f"answer_{one.key}") for one in self.content.questions}
        return {key: str(value) for key, value in told.items() if value is not None}
