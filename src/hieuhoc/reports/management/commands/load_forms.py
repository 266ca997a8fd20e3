"""hieuhoc manage load_forms: set up the forms and regimes of reporting that ship with the app."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hieuhoc.foundation.records import clock
from hieuhoc.kernel.errors import HouseError
from hieuhoc.registers.places import selectors as places
from hieuhoc.reports.services import shipping


class Command(BaseCommand):
    help = (
        "Nạp các biểu mẫu và loại báo cáo kèm theo phần mềm cho một tỉnh; chạy lại chỉ thêm những gì còn thiếu. "
        "Biểu mẫu đã có người sửa được giữ nguyên. Nạp chỉ số trước (load_indicators)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--province", default="", metavar="KHÓA", help="khóa của tỉnh; bỏ trống khi chỉ có một tỉnh"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            province = self._province(options["province"])
            done = shipping.load_forms(province=province)
        except HouseError as error:
            raise CommandError(error.sentence) from error
        self.stdout.write(
            f"{province}: +{len(done.made)} biểu mẫu, {len(done.followed)} biểu mẫu có bản mới, "
            f"+{len(done.kinds)} loại báo cáo"
        )
        if done.left:
            self.stdout.write(f"Giữ nguyên bản của người dùng: {', '.join(done.left)}")

    @staticmethod
    def _province(key: str) -> Any:
        if key:
            return places.unit_by_key(key)
        found = [row.unit for row in places.units_on(clock.today(), level="province")]
        if len(found) != 1:
            raise CommandError(f"Có {len(found)} tỉnh trong danh mục; hãy chọn bằng --province.")
        return found[0]
