"""hieuhoc manage prove_totals: prove every stored total against the facts, and name every one that differs."""

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from hieuhoc.kernel.errors import Missing
from hieuhoc.registers.indicators import selectors, services
from hieuhoc.registers.indicators.rules.adding import Cell, Sum
from hieuhoc.registers.places import selectors as places

_SHOWN = 200


class Command(BaseCommand):
    help = "Tính lại mọi số tổng hợp từ số liệu gốc, nêu từng số khác; mã trả về 1 khi có. --mend ghi lại cho đúng."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--indicator", action="append", metavar="CODE", help="chỉ xét chỉ số này; dùng nhiều lần được"
        )
        parser.add_argument("--mend", action="store_true", help="tính và ghi lại những số khác")

    def handle(self, *args: Any, **options: Any) -> None:
        indicators = None
        if options["indicator"]:
            try:
                indicators = set(selectors.indicator_numbers(options["indicator"]).values())
            except Missing as error:
                raise CommandError(error.sentence) from error
        found = list(services.prove(indicators=indicators))
        differences = [one for one in found if isinstance(one, services.Difference)]
        homeless = [one for one in found if isinstance(one, services.Homeless)]
        self._tell(differences, homeless)
        if differences and options["mend"]:
            done = services.recompute(indicators=indicators)
            self.stdout.write(
                _("Đã ghi lại: thêm %(made)d, sửa %(changed)d, bỏ %(removed)d.")
                % {"made": done.made, "changed": done.changed, "removed": done.removed}
            )
        elif differences:
            raise CommandError(
                _("%(count)d số tổng hợp khác với số liệu gốc.") % {"count": len(differences)}, returncode=1
            )
        else:
            self.stdout.write(_("Mọi số tổng hợp đều khớp với số liệu gốc."))

    def _tell(self, differences: list[services.Difference], homeless: list[services.Homeless]) -> None:
        units = places.units_by_number({one.unit for one in differences} | {one.unit for one in homeless})
        cells = {one.cell for one in differences} | {one.cell for one in homeless}
        codes = selectors.codes_of({cell.indicator for cell in cells})

        def said(unit: int, cell: Cell, period: str) -> str:
            by = f"[{cell.by}]" if cell.by else ""
            return f"{codes[cell.indicator]}{by} · {units[unit].name} · {period}"

        self._write(
            f"{said(one.unit, one.cell, one.period.name)}: "
            + _("đang lưu %(stored)s, tính được %(proved)s") % {"stored": _sum(one.stored), "proved": _sum(one.proved)}
            for one in differences
        )
        self._write(
            f"{said(one.unit, one.cell, one.period.name)}: "
            + _("số liệu %(value)d không thuộc số tổng hợp nào (đơn vị không báo vào ngày cuối kỳ)")
            % {"value": one.value}
            for one in homeless
        )

    def _write(self, lines: Iterable[str]) -> None:
        for number, line in enumerate(lines):
            if number < _SHOWN:
                self.stdout.write(line)


def _sum(one: Sum | None) -> str:
    if one is None:
        return "–"
    value = f"{one.value}" if one.divisor == 1 else f"{one.value}/{one.divisor}"
    return f"{value} ({one.reported}/{one.expected})"
