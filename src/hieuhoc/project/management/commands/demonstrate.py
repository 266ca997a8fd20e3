"""Make the demonstration's data, or say who can be signed in as; `hieuhoc demo` calls it."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from hieuhoc.foundation.records import clock
from hieuhoc.project.demonstration import CAST, prepare
from hieuhoc.registers.accounts.roles import ROLES


class Command(BaseCommand):
    """Makes the demonstration's data; what is there already stays."""

    help = "Makes the data of the demonstration province."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--accounts", action="store_true", help="only list the accounts of the demonstration")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("This is not a demonstration: invented people are not put among real ones.")
        if options["accounts"]:
            _list_accounts()
        else:
            _prepare()


def _prepare() -> None:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=24), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        steps: list[TaskID] = []

        def show(step: str) -> None:
            if steps:
                progress.update(steps[-1], total=1, completed=1)
            steps.append(progress.add_task(step, total=None))

        prepare(show)
        clock.stand_on(clock.today())
        for step in steps[-1:]:
            progress.update(step, total=1, completed=1)


def _list_accounts() -> None:
    table = Table(title="Tài khoản trình diễn (bấm vào tên ở trang đăng nhập)", title_justify="left", box=None)
    for heading in ("Người", "Chức vụ", "Vai trò"):
        table.add_column(heading)
    for person in CAST:
        table.add_row(person.full_name, person.title, str(ROLES[person.role].name))
    Console().print(table)
