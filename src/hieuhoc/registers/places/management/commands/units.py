"""hieuhoc manage units: print the register as of a day, for scripts and checks."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hieuhoc.kernel.errors import Missing
from hieuhoc.registers.places import selectors
from hieuhoc.registers.places.models import Kind, UnitVersion


class Command(BaseCommand):
    help = "In các đơn vị hành chính tại một ngày; --level agency hoặc group in cơ quan, nhóm."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", required=True, type=date.fromisoformat, metavar="DATE", help="YYYY-MM-DD")
        parser.add_argument("--level", choices=selectors.ALL_LEVELS)
        parser.add_argument("--under", metavar="CODE", help="mã số chính thức vào ngày đó; chỉ in các đơn vị bên dưới")
        parser.add_argument("--json", action="store_true", help="in JSON thay vì bảng chữ")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            under = selectors.unit_by_code(options["under"], on=options["on"]) if options["under"] else None
        except Missing as error:
            raise CommandError(error.sentence) from error
        found = selectors.filtered_units(on=options["on"], level=options["level"] or "", under=under)
        if not options["level"]:
            found = found.filter(level__in=selectors.ADMINISTRATIVE_LEVELS)
        order = {level: place for place, level in enumerate(selectors.ALL_LEVELS)}
        rows = [_row(one) for one in sorted(found, key=lambda one: (order[one.level], one.code, one.sort_key))]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
        else:
            for row in rows:
                self.stdout.write(f"{row['code'] or '-':>6}  {row['level']:<9} {row['name']}")


def _row(version: UnitVersion) -> dict[str, str | None]:
    return {
        "id": version.unit.key,
        "code": version.code,
        "name": version.name,
        "kind": str(Kind(version.kind).label),
        "level": version.level,
        "parent": version.parent.key if version.parent else None,
    }
