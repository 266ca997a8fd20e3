"""The forms of the catalogue of topics."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.ui.forms import DateField
from hieuhoc.foundation.ui.wording import capital_choices
from hieuhoc.programme.learning.rules import kinds


class TopicForm(forms.Form):
    """What a topic is called, and where it belongs."""

    code = forms.SlugField(
        label=_("Mã"), max_length=60, help_text=_("Chữ thường không dấu, nối bằng gạch: trong-rau-sach.")
    )
    name = forms.CharField(label=_("Chủ đề"), max_length=255)
    field = forms.ChoiceField(label=_("Lĩnh vực"), choices=capital_choices(kinds.FIELDS.items()))
    source = forms.CharField(label=_("Văn bản"), max_length=255, required=False)
    tags = forms.CharField(label=_("Từ khóa"), max_length=255, required=False, help_text=_("Cách nhau bằng dấu phẩy."))
    valid_from = DateField(label=_("Dùng từ ngày"))


class EndTopicForm(forms.Form):
    """From which day a topic is offered no more."""

    valid_to = DateField(label=_("Thôi dùng từ ngày"))
