"""hieuhoc manage load_country: the units of the whole country, before and after 1/7/2025."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hieuhoc.kernel.errors import HouseError
from hieuhoc.registers.places import services


class Command(BaseCommand):
    help = (
        "Nạp đơn vị hành chính của cả nước trước ngày 1/7/2025 rồi thực hiện cuộc sắp xếp của ngày đó; chạy lại chỉ "
        "thêm những gì còn thiếu. Bản trình diễn chuyển ngày theo."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--hamlets",
            type=Path,
            metavar="FILE",
            help="tệp CSV các ấp, khu phố, thôn (cột như country-2025.csv; key và code có thể trống)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = services.load_country(hamlets=options["hamlets"], progress=self.stdout.write)
        except HouseError as error:
            raise CommandError(error.sentence) from error
        self.stdout.write(f"+{sum(one.units for one in done.loaded)} đơn vị")
        for event in done.events:
            self.stdout.write(f"Đã thực hiện: {event.title} ({len(event.account)} thay đổi)")
