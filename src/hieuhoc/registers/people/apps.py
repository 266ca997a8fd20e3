from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "hieuhoc.registers.people"
    label = "people"
    verbose_name = _("Người học")

    # What each deed in the trail is called.
    deeds = {
        "people.person.add": _("Ghi người vào sổ"),
        "people.person.edit": _("Sửa thông tin của người học"),
        "people.person.merge": _("Gộp hai dòng của một người"),
        "people.person.part": _("Tách lại dòng đã gộp"),
        "people.person.see": _("Xem thông tin cá nhân"),
        "people.person.forget": _("Xóa thông tin cá nhân theo yêu cầu"),
    }
