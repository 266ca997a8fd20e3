"""hieuhoc manage load_places: load the units, agencies and groups that ship with the app."""

from typing import Any

from django.core.management.base import BaseCommand

from hieuhoc.registers.places import services


class Command(BaseCommand):
    help = "Nạp các đơn vị của tỉnh Kiên Giang năm 2020; chạy lại chỉ thêm những gì còn thiếu."

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = services.load_province()
        self.stdout.write(f"+{loaded.units} đơn vị, +{loaded.aliases} tên khác, +{loaded.memberships} thành viên nhóm")
