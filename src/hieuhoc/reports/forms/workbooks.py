"""Forms that hand workbooks over."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.ui.forms import FileInput


class WorkbookForm(forms.Form):
    """A filled workbook."""

    file = forms.FileField(
        label=_("Tệp Excel đã điền"),
        help_text=_("Mẫu tải từ trang này, của đúng đơn vị và kỳ báo cáo."),
        widget=FileInput(kinds=(".xlsx",), limit=10),
    )


class ArchiveForm(forms.Form):
    """Many filled workbooks in one archive."""

    file = forms.FileField(
        label=_("Tệp nén .zip chứa các tệp Excel đã điền"),
        help_text=_("Mỗi đơn vị một tệp; tên tệp tùy ý."),
        widget=FileInput(kinds=(".zip",), limit=50),
    )
