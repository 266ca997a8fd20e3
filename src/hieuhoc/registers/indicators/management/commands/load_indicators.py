"""hieuhoc manage load_indicators: load the definitions of indicators that ship with the app."""

from typing import Any

from django.core.management.base import BaseCommand

from hieuhoc.registers.indicators import services


class Command(BaseCommand):
    help = (
        "Nạp các chỉ số kèm theo phần mềm; chạy lại chỉ thêm những gì còn thiếu, tệp đã đổi thì thành phiên bản mới. "
        "Chỉ số đã có người sửa được giữ nguyên."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        done = services.load_indicators()
        self.stdout.write(f"+{len(done.made)} chỉ số, {len(done.followed) + len(done.renewed)} chỉ số có bản mới")
        if done.left:
            self.stdout.write(f"Giữ nguyên bản của người dùng: {', '.join(done.left)}")
