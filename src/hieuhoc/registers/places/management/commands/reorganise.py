"""hieuhoc manage reorganise: carry the register through the real reorganisations up to a day."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hieuhoc.kernel.errors import HouseError
from hieuhoc.registers.places import services


class Command(BaseCommand):
    help = "Thực hiện các cuộc sắp xếp đơn vị có thật, đến hết ngày đã cho; bản trình diễn chuyển ngày theo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", required=True, type=date.fromisoformat, metavar="DATE", help="YYYY-MM-DD")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = services.execute_shipped(until=options["to"], progress=self.stdout.write)
        except HouseError as error:
            raise CommandError(error.sentence) from error
        if not done:
            self.stdout.write("Không còn cuộc sắp xếp nào phải thực hiện.")
        for event in done:
            lines = len(event.account)
            self.stdout.write(f"Đã thực hiện: {event.title} ({lines} thay đổi)")
