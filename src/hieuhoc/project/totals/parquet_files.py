"""Tables in .parquet, by pyarrow, which comes with the extra `hieuhoc[country]`."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hieuhoc.engines.rollup.grid import Totals
from hieuhoc.kernel.errors import Invalid
from hieuhoc.project.totals.recorded import FACTS, Recorded, Row, Words

_AT_ONCE = 1 << 20
# Whole numbers up to this are exact as floating numbers.
_LARGEST_EXACT = 2**53


def read_table(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    before = 0
    for batch in _open(path, columns).iter_batches(batch_size=_AT_ONCE, columns=list(columns)):
        cells = [["" if cell is None else str(cell) for cell in batch.column(name).to_pylist()] for name in columns]
        for number, row in enumerate(zip(*cells, strict=True), before + 1):
            yield _where(path, number), dict(zip(columns, row, strict=True))
        before += batch.num_rows


def read_facts(path: Path, found: Recorded) -> None:
    """Raises Invalid with the row where the value is no whole number, or a unit, indicator or month is missing."""
    file = _open(path, FACTS)
    before = 0
    for batch in file.iter_batches(batch_size=_AT_ONCE, columns=list(FACTS)):
        is_told = batch.column("value").is_valid()
        for name in ("unit", "indicator", "month"):
            missing = np.flatnonzero(pc.and_(is_told, batch.column(name).is_null()).to_numpy(zero_copy_only=False))
            if len(missing):
                raise Invalid("{where}: thiếu {column}.", where=_where(path, before + int(missing[0]) + 1), column=name)
        values = _wholes(path, batch.column("value"), before)
        before += batch.num_rows
        if values.null_count:
            batch, values = batch.filter(is_told), values.filter(is_told)
        found.add(
            _codes(batch.column("unit"), found.units),
            _codes(batch.column("indicator"), found.indicators),
            _codes(batch.column("month"), found.months),
            values.to_numpy(),
        )


class Writer:
    """Totals into a .parquet file: texts as a dictionary, `value` a whole number, or floating where there are means."""

    def __init__(self, file: Path, indicators: Sequence[str], *, has_means: bool) -> None:
        text = pa.dictionary(pa.int32(), pa.string())
        self._schema = pa.schema(
            [
                ("unit", text),
                ("indicator", text),
                ("period", text),
                ("value", pa.float64() if has_means else pa.int64()),
                ("reported", pa.int32()),
                ("expected", pa.int32()),
            ]
        )
        self._indicators = pa.array(indicators, pa.string())
        self._has_means = has_means
        # Without Arrow's own schema, a reader gets plain texts.
        self._file = pq.ParquetWriter(file, self._schema, store_schema=False)

    def write(self, totals: Sequence[Totals]) -> None:
        for told in totals:
            rows = np.flatnonzero(told.stands)
            width = len(self._indicators)
            reported = told.reported[rows].reshape(-1)
            columns = [
                _texts(np.repeat(np.arange(len(rows), dtype=np.int32), width), [told.units[row] for row in rows]),
                pa.DictionaryArray.from_arrays(np.tile(np.arange(width, dtype=np.int32), len(rows)), self._indicators),
                _texts(np.zeros(len(reported), np.int32), [told.period.code]),
                pa.array(self._values(told, rows), mask=reported == 0),
                pa.array(reported),
                pa.array(told.expected[rows].reshape(-1)),
            ]
            self._file.write_table(pa.Table.from_arrays(columns, schema=self._schema))

    def _values(self, told: Totals, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.int64] | npt.NDArray[np.float64]:
        values = told.values[rows].reshape(-1)
        if not self._has_means:
            return values
        if values.size and max(int(values.max()), -int(values.min())) > _LARGEST_EXACT:
            raise Invalid("Số liệu quá lớn để ghi cùng số trung bình; hãy tách các chỉ tiêu mean thành tệp riêng.")
        return values / told.count[rows].reshape(-1)

    def close(self) -> None:
        self._file.close()


def _open(path: Path, columns: Sequence[str]) -> pq.ParquetFile:
    try:
        file = pq.ParquetFile(path)
    except pa.ArrowInvalid as error:
        raise Invalid("Tệp {name} không phải là Parquet.", name=path.name) from error
    if missing := [name for name in columns if name not in file.schema_arrow.names]:
        raise Invalid("Tệp {name} thiếu cột: {columns}.", name=path.name, columns=", ".join(missing))
    texts = [name for name in columns if pa.types.is_string(file.schema_arrow.field(name).type)]
    return pq.ParquetFile(path, read_dictionary=texts)


def _where(path: Path, number: int) -> str:
    return f"{path.name}, dòng {number}"


def _codes(column: pa.Array, words: Words) -> npt.NDArray[np.int32]:
    if not pa.types.is_dictionary(column.type):
        column = column.cast(pa.string()).dictionary_encode()
    places = column.indices.to_numpy()
    # A dictionary may hold words of rows that tell nothing, or that are not there any more.
    used = np.bincount(places, minlength=len(column.dictionary)) > 0
    told = zip(column.dictionary.to_pylist(), used.tolist(), strict=True)
    numbers = np.array([words.number(str(word)) if is_used else -1 for word, is_used in told], np.int32)
    found: npt.NDArray[np.int32] = numbers[places]
    return found


def _wholes(path: Path, column: pa.Array, before: int) -> pa.Array:
    """The values as whole numbers of 64 bits, unknown ones among them; `before` is how many rows came earlier."""
    if not pa.types.is_boolean(column.type):
        try:
            return column.cast(pa.int64())
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            pass
    for place, value in enumerate(column):
        if value.is_valid and not _is_whole(value):
            raise Invalid(
                "{where}: value phải là số nguyên, không phải {word}.",
                where=_where(path, before + place + 1),
                word=str(value)[:40],
            )
    raise Invalid("Tệp {name} có value không phải là số nguyên.", name=path.name)


def _is_whole(value: pa.Scalar) -> bool:
    if pa.types.is_boolean(value.type):
        return False
    try:
        value.cast(pa.int64())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return False
    return True


def _texts(places: npt.NDArray[np.int32], words: Sequence[object]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(places, pa.array([str(word) for word in words], pa.string()))
