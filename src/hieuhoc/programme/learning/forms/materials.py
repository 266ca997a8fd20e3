"""Forms of learning materials and of the repositories that are harvested."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.ui.forms import FileInput
from hieuhoc.foundation.ui.wording import capital_choices
from hieuhoc.programme.learning.models import Material, Topic
from hieuhoc.programme.learning.rules import kinds, materials

MEGABYTES = 20
_FILES = (".pdf", ".docx", ".pptx", ".xlsx", ".png", ".jpg", ".webp", ".txt")


class MaterialForm(forms.Form):
    """A material: what it is, under which licence, and where it is, as a file or a link."""

    title = forms.CharField(label=_("Tên học liệu"), max_length=255)
    file = forms.FileField(label=_("Tệp"), required=False, widget=FileInput(kinds=_FILES, limit=MEGABYTES))
    url = forms.URLField(
        label=_("Hoặc địa chỉ"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("Phim, bài nghe, khóa học trực tuyến: dán địa chỉ của trang."),
    )
    unit = forms.ChoiceField(label=_("Đơn vị chia sẻ"))
    form = forms.ChoiceField(label=_("Dạng"), choices=capital_choices(materials.FORMS.items()))
    topic = forms.ModelChoiceField(
        label=_("Chủ đề"),
        queryset=Topic.objects.none(),
        required=False,
        empty_label=_("Chưa chọn"),
        help_text=_("Chọn chủ đề thì lĩnh vực theo chủ đề."),
    )
    field = forms.ChoiceField(label=_("Lĩnh vực"), choices=capital_choices(kinds.FIELDS.items()), initial="other")
    language = forms.ChoiceField(label=_("Ngôn ngữ"), choices=capital_choices(materials.LANGUAGES.items()))
    licence = forms.ChoiceField(
        label=_("Giấy phép"),
        choices=[("", _("Chọn giấy phép")), *capital_choices(materials.LICENCES.items())],
        help_text=_("Tệp chỉ cho mọi người tải khi giấy phép là Creative Commons hoặc thuộc về công chúng."),
    )
    author = forms.CharField(label=_("Tác giả"), max_length=255, required=False)
    summary = forms.CharField(
        label=_("Giới thiệu"), max_length=4000, required=False, widget=forms.Textarea({"rows": 4})
    )
    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, topics: Any, units: list[Any], material: Material | None = None, **given: Any
    ) -> None:
        super().__init__(*args, **given)
        self.fields["topic"].queryset = topics  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["unit"].choices = [(unit.key, unit.name) for unit in units]  # type: ignore[attr-defined]  # a ChoiceField
        if material is not None:
            del self.fields["unit"]
            if material.file is not None:
                self.fields["file"].help_text = _("Đang giữ %(name)s; chọn tệp khác để thay.") % {
                    "name": material.file.name
                }


class RepositoryForm(forms.Form):
    """Another repository: where it answers, and which of its sets is taken."""

    name = forms.CharField(label=_("Tên kho"), max_length=160)
    address = forms.URLField(
        label=_("Địa chỉ OAI-PMH"),
        max_length=200,
        assume_scheme="https",
        help_text=_("Địa chỉ gốc (base URL) mà kho công bố, thường tận cùng bằng /oai."),
    )
    part = forms.CharField(
        label=_("Bộ (set)"), max_length=120, required=False, help_text=_("Để trống để lấy mọi học liệu của kho.")
    )
