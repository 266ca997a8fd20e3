"""Writes `docs/reference/roles.md` from the page of roles."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from hieuhoc.registers.accounts.roles import describe


class Command(BaseCommand):
    help = "Write the reference page of roles and permissions from roles.py."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", nargs="?", default="docs/reference/roles.md", type=Path)

    def handle(self, *, path: Path, **options: Any) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with translation.override("vi"):
            path.write_text(describe(), encoding="utf-8")
        self.stdout.write(f"{path}")
