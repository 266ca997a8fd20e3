"""Forms on the pages of a running plan and its tasks."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.ui.forms import DateField
from hieuhoc.programme.plans.forms.units import UnitField


class AssignForm(forms.Form):
    """Giving a task to one more agency."""

    unit = UnitField(label=_("Cơ quan chủ trì"))
    due_on = DateField(label=_("Hạn hoàn thành"), required=False)


class WhyForm(forms.Form):
    """A deed that needs a reason."""

    why = forms.CharField(label=_("Lý do"), widget=forms.Textarea(attrs={"rows": 3}))
