"""Tables in .csv, read row by row, so that a wrong one can be named. A byte-order mark and any order of columns do."""

import csv
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TextIO

import numpy as np

from hieuhoc.engines.rollup.grid import Totals
from hieuhoc.kernel.errors import Invalid
from hieuhoc.project.totals.recorded import FACTS, TOTALS, Recorded, Row

_AT_ONCE = 100_000
_INT64 = range(-(2**63), 2**63)


def read_table(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    for line, cells in _lines(path, columns):
        yield f"{path.name}, dòng {line}", dict(zip(columns, cells, strict=True))


def read_facts(path: Path, found: Recorded) -> None:
    """Raises Invalid with the line of a value that is no whole number, or of a row that is too short."""
    lines = _lines(path, FACTS)
    while some := list(islice(lines, _AT_ONCE)):
        # An empty value says what a missing row says: unknown.
        told = [(line, cells) for line, cells in some if cells[3]]
        values = [_whole(path, line, cells[3]) for line, cells in told]
        found.add(
            [found.units.number(cells[0]) for _, cells in told],
            [found.indicators.number(cells[1]) for _, cells in told],
            [found.months.number(cells[2]) for _, cells in told],
            np.array(values, np.int64),
        )


class Writer:
    """Totals into a .csv file."""

    def __init__(self, file: Path, indicators: Sequence[str], *, has_means: bool) -> None:
        self._stream: TextIO = file.open("w", encoding="utf-8", newline="")
        self._rows = csv.writer(self._stream, lineterminator="\n")
        self._rows.writerow(TOTALS)
        self._indicators = indicators

    def write(self, totals: Sequence[Totals]) -> None:
        for told in totals:
            for row in np.flatnonzero(told.stands):
                values, months = told.values[row].tolist(), told.count[row].tolist()
                shown = [
                    value if count == 1 else _mean(value, count) for value, count in zip(values, months, strict=True)
                ]
                reported, expected = told.reported[row].tolist(), told.expected[row].tolist()
                unit, code = told.units[row], told.period.code
                self._rows.writerows(
                    (unit, name, code, value if known else "", known, wanted)
                    for name, value, known, wanted in zip(self._indicators, shown, reported, expected, strict=True)
                )

    def close(self) -> None:
        self._stream.close()


def _mean(total: int, count: int) -> int | str:
    """A mean as a decimal number, without an exponent; a whole one exactly."""
    whole, rest = divmod(total, count)
    return format(Decimal(repr(total / count)), "f") if rest else whole


def _lines(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """The wanted columns of each row, in the wanted order, with the number of its line."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.reader(stream)
        try:
            heading = [name.strip() for name in next(rows, [])]
            if missing := [name for name in columns if name not in heading]:
                raise Invalid("Tệp {name} thiếu cột: {columns}.", name=path.name, columns=", ".join(missing))
            if double := [name for name in columns if heading.count(name) > 1]:
                raise Invalid("Tệp {name} có hai cột cùng tên: {columns}.", name=path.name, columns=", ".join(double))
            places = [heading.index(name) for name in columns]
            for row in rows:
                if not row:
                    continue
                if len(row) <= max(places):
                    raise Invalid("{where}: thiếu ô.", where=f"{path.name}, dòng {rows.line_num}")
                yield rows.line_num, [row[place].strip() for place in places]
        except (UnicodeDecodeError, csv.Error) as error:
            raise Invalid("Tệp {name} không phải là CSV bằng UTF-8.", name=path.name) from error


def _whole(path: Path, line: int, word: str) -> int:
    try:
        number = int(word)
        if word.isascii() and "_" not in word and number in _INT64:
            return number
    except ValueError:
        pass
    raise Invalid(
        "{where}: value phải là số nguyên, không phải {word}.", where=f"{path.name}, dòng {line}", word=word[:40]
    )
