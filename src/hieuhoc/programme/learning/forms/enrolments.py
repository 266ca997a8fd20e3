"""What staff fill in about the enrolments of an activity."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hieuhoc.registers.accounts.forms import FileForm


class WhyForm(forms.Form):
    """A reason."""

    why = forms.CharField(label=_("Lý do"), max_length=255, widget=forms.TextInput({"autocomplete": "off"}))


class ListForm(FileForm):
    """A filled list of learners."""

    kinds = (".xlsx",)
