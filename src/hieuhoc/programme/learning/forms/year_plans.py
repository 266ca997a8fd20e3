"""The forms of a centre's year: its aims, one planned class, needs of a hamlet, a reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.ui.wording import capital_choices
from hieuhoc.programme.learning.models import Topic
from hieuhoc.programme.learning.rules import kinds
from hieuhoc.registers.places.models import Unit


class SummaryForm(forms.Form):
    """What the year is for."""

    summary = forms.CharField(
        label=_("Mục tiêu, ghi chú"), required=False, max_length=4000, widget=forms.Textarea({"rows": 4})
    )


class PlannedClassForm(forms.Form):
    """One class that a plan holds in view."""

    title = forms.CharField(label=_("Tên lớp, chuyên đề"), max_length=255)
    kind = forms.ChoiceField(label=_("Hình thức"), choices=capital_choices(kinds.ACTIVITIES.items()), initial="talk")
    topic = forms.ModelChoiceField(
        label=_("Chủ đề"), queryset=Topic.objects.none(), required=False, empty_label=_("Chưa chọn")
    )
    month = forms.TypedChoiceField(
        label=_("Tháng"), choices=[(number, str(number)) for number in range(1, 13)], coerce=int
    )
    place = forms.CharField(label=_("Địa điểm"), max_length=255, required=False)
    speaker = forms.CharField(label=_("Báo cáo viên"), max_length=255, required=False)
    organisers = forms.CharField(label=_("Đơn vị phối hợp"), max_length=255, required=False)
    learners = forms.IntegerField(label=_("Số người dự kiến"), min_value=1, max_value=100_000, required=False)
    cost = forms.IntegerField(label=_("Kinh phí dự kiến (đồng)"), min_value=0, max_value=10**12, required=False)
    source = forms.ChoiceField(
        label=_("Nguồn kinh phí"), required=False, choices=[("", _("Chưa rõ")), *capital_choices(kinds.SOURCES.items())]
    )

    def __init__(self, *given: Any, topics: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["topic"].queryset = topics  # type: ignore[attr-defined]  # a ModelChoiceField


class NeedsForm(forms.Form):
    """What people of one hamlet would learn: a number beside each topic, and one wish in other words."""

    words = forms.CharField(label=_("Nhu cầu khác"), max_length=255, required=False)
    others = forms.IntegerField(label=_("Số người có nhu cầu ấy"), min_value=1, max_value=100_000, required=False)

    def __init__(self, *given: Any, topics: Iterable[Topic], units: Sequence[Unit], **named: Any) -> None:
        super().__init__(*given, **named)
        self.topics = list(topics)
        self.units = {str(unit.pk): unit for unit in units}
        places = [(pk, unit.name) for pk, unit in self.units.items()]
        self.fields["unit"] = forms.ChoiceField(label=_("Xã hoặc ấp, khu phố"), choices=places)
        for topic in self.topics:
            self.fields[f"topic_{topic.pk}"] = forms.IntegerField(
                label=topic.name, min_value=0, max_value=100_000, required=False, widget=_small()
            )
        self.order_fields(["unit", *(f"topic_{topic.pk}" for topic in self.topics), "words", "others"])

    def unit(self) -> Unit:
        """Where people were asked."""
        return self.units[self.cleaned_data["unit"]]

    def people(self) -> dict[Topic, int]:
        """How many wish each topic; those that nobody wishes are left out."""
        told = {topic: self.cleaned_data[f"topic_{topic.pk}"] or 0 for topic in self.topics}
        return {topic: count for topic, count in told.items() if count}

    def by_topic(self) -> list[tuple[Topic, forms.BoundField]]:
        """The rows of the table."""
        return [(topic, self[f"topic_{topic.pk}"]) for topic in self.topics]


class WhyForm(forms.Form):
    """Why something is returned or opened again."""

    why = forms.CharField(label=_("Lý do"), widget=forms.Textarea({"rows": 3}), max_length=1000)


def _small() -> forms.NumberInput:
    return forms.NumberInput({"inputmode": "numeric", "size": "6"})
