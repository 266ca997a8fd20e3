"""Forms of activities and sessions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.ui.forms import DateField, FileInput, SearchSelect
from hieuhoc.foundation.ui.wording import capital_choices
from hieuhoc.programme.learning.forms.fields import UnitField
from hieuhoc.programme.learning.models import Activity, PlannedClass, Provider, Room, Session, Topic
from hieuhoc.programme.learning.rules import kinds
from hieuhoc.programme.learning.rules.sessions import MOST_SESSIONS, WEEKDAYS

MEGABYTES = 20


class ActivityForm(forms.Form):
    """What is told of an activity."""

    provider = forms.ModelChoiceField(
        label=_("Cơ sở"), queryset=Provider.objects.none(), to_field_name="key", widget=SearchSelect, empty_label=None
    )
    planned = forms.ModelChoiceField(
        label=_("Theo kế hoạch năm"),
        queryset=PlannedClass.objects.none(),
        required=False,
        empty_label=_("Ngoài kế hoạch"),
    )
    title = forms.CharField(label=_("Tên lớp, chuyên đề"), max_length=255)
    kind = forms.ChoiceField(label=_("Hình thức"), choices=capital_choices(kinds.ACTIVITIES.items()))
    topic = forms.ModelChoiceField(
        label=_("Chủ đề"),
        queryset=Topic.objects.none(),
        required=False,
        empty_label=_("Chưa chọn"),
        widget=SearchSelect,
    )
    field = forms.ChoiceField(
        label=_("Lĩnh vực"),
        choices=capital_choices(kinds.FIELDS.items()),
        initial="other",
        help_text=_("Đã chọn chủ đề thì theo lĩnh vực của chủ đề."),
    )
    summary = forms.CharField(label=_("Nội dung"), max_length=4000, widget=forms.Textarea({"rows": 4}), required=False)
    audience = forms.CharField(label=_("Dành cho"), max_length=255, required=False)
    for_rural_workers = forms.BooleanField(
        label=_("Dành cho lao động nông thôn"),
        required=False,
        help_text=_("Lượt người của lớp được đếm vào số lượt lao động nông thôn tham gia học tập."),
    )
    place = forms.CharField(label=_("Địa điểm"), max_length=255, required=False)
    enrolling = forms.ChoiceField(label=_("Ghi danh"), choices=capital_choices(Activity.Enrolling.choices))
    enrol_until = DateField(label=_("Ghi danh đến hết ngày"), required=False)
    capacity = forms.IntegerField(
        label=_("Số chỗ"), min_value=1, max_value=100_000, required=False, help_text=_("Để trống nếu không giới hạn.")
    )
    fee = forms.IntegerField(label=_("Học phí (đồng)"), min_value=0, max_value=10**10, initial=0)
    is_public = forms.BooleanField(label=_("Hiện trên trang công khai"), required=False, initial=True)
    tags = forms.CharField(label=_("Từ khóa"), max_length=255, help_text=_("Cách nhau bằng dấu phẩy."), required=False)
    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *given: Any, providers: Any, planned: Any, topics: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        for name, rows in (("provider", providers), ("planned", planned), ("topic", topics)):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]  # a ModelChoiceField


class _Hours(forms.Form):
    """When and where one session is."""

    on = DateField(label=_("Ngày"))
    begins = forms.TimeField(label=_("Bắt đầu"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=_("Kết thúc"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    place = forms.CharField(
        label=_("Địa điểm"), max_length=255, help_text=_("Để trống nếu như địa điểm của lớp."), required=False
    )
    room = forms.ModelChoiceField(
        label=_("Phòng"), queryset=Room.objects.none(), required=False, empty_label=_("Không chọn")
    )
    subject = forms.CharField(label=_("Nội dung buổi học"), max_length=255, required=False)

    def __init__(self, *given: Any, rooms: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["room"].queryset = rooms  # type: ignore[attr-defined]  # a ModelChoiceField


class SessionsForm(_Hours):
    """One session, or a series of them on days of the week."""

    number = forms.IntegerField(label=_("Số buổi"), min_value=1, max_value=MOST_SESSIONS, initial=1)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Lặp lại vào"),
        choices=capital_choices((str(day), name) for day, name in WEEKDAYS.items()),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Không chọn thì lặp lại hằng tuần, cùng thứ với buổi đầu."),
    )


class MoveForm(_Hours):
    """Another time, place or subject for one session."""

    why = forms.CharField(label=_("Lý do dời"), max_length=255, required=False)

    @staticmethod
    def initial_of(session: Session) -> dict[str, Any]:
        """What the form shows of a session."""
        begins, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
        return {
            "on": begins.date(),
            "begins": begins.time(),
            "ends": ends.time(),
            "place": session.place,
            "room": session.room_id,
            "subject": session.subject,
        }


class OrganiserForm(forms.Form):
    """Who holds an activity beside its owner: a unit of the register, or a name."""

    kind = forms.ChoiceField(label=_("Loại đơn vị"), choices=capital_choices(kinds.ORGANISERS.items()), initial="women")
    unit = UnitField(label=_("Đơn vị trong danh mục"), required=False)
    name = forms.CharField(
        label=_("Tên đơn vị"),
        max_length=255,
        help_text=_("Để trống nếu đã chọn đơn vị trong danh mục."),
        required=False,
    )


class SpeakerForm(forms.Form):
    """Who speaks or teaches."""

    name = forms.CharField(label=_("Họ và tên"), max_length=120)
    post = forms.CharField(label=_("Chức vụ, đơn vị"), max_length=255, required=False)


class PhotoForm(forms.Form):
    """A picture or a paper."""

    file = forms.FileField(
        label=_("Ảnh hoặc tệp"), widget=FileInput(kinds=(".jpg", ".png", ".pdf", ".docx", ".xlsx"), limit=MEGABYTES)
    )
    caption = forms.CharField(label=_("Chú thích"), max_length=255, required=False)


class ReasonForm(forms.Form):
    """Why."""

    why = forms.CharField(label=_("Lý do"), widget=forms.Textarea({"rows": 3}), max_length=255)


def usual_hours(today: date) -> dict[str, Any]:
    """What a new session begins with: tomorrow, two hours in the morning."""
    return {"on": today + timedelta(days=1), "begins": "08:00", "ends": "10:00", "number": 1}
