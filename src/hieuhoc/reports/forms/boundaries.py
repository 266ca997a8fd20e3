"""The form by which an administrator imports the shapes of units."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.ui.charts import MOST_OCTETS
from hieuhoc.foundation.ui.forms import DateField, FileInput


class BoundariesForm(forms.Form):
    """A GeoJSON file, where it comes from, and since when the shapes hold."""

    file = forms.FileField(
        label=_("Tệp ranh giới (GeoJSON)"),
        help_text=_("Kinh độ, vĩ độ WGS 84; mỗi đối tượng có mã hoặc tên đơn vị trong thuộc tính."),
        widget=FileInput(kinds=(".geojson", ".json"), limit=MOST_OCTETS // 1_000_000),
    )
    source = forms.CharField(
        label=_("Nguồn"), max_length=255, help_text=_("Ai lập, giấy phép gì; ghi dưới bản đồ và trong nhật ký.")
    )
    valid_from = DateField(label=_("Ranh giới từ ngày"))
