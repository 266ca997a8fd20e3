"""Forms for tying the tasks of a local plan to those above."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hieuhoc.programme.plans.rules import LIKENESS_FLOOR

SURE_LIKENESS = 80


class ConfirmAlikeForm(forms.Form):
    """From which likeness on proposals are confirmed at once. Units: percent."""

    least = forms.IntegerField(
        label=_("Giống từ (%)"),
        min_value=LIKENESS_FLOOR,
        max_value=100,
        initial=SURE_LIKENESS,
        error_messages={
            "min_value": _("Nhập một số từ %(limit_value)s đến 100."),
            "max_value": _("Nhập một số không quá %(limit_value)s."),
            "invalid": _("Nhập một số nguyên, ví dụ 80."),
        },
    )


class AddLinkForm(forms.Form):
    """Two tasks to be tied, by their numbers."""

    below = forms.IntegerField()
    above = forms.IntegerField()
