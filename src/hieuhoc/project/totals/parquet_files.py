"""Tables in .parquet, by pyarrow, which comes with the extra `hieuhoc[country]`."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from hieuhoc.engines.rollup.grid import Totals
from hieuhoc.kernel.errors import Invalid
from hieuhoc.project.totals.recorded import FACTS, Recorded, Row, Words

_AT_ONCE = 1 << 20
# Whole numbers up to this are exact as floating numbers.
_LARGEST_EXACT = 2**53


def read_table(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    table = _open(path, columns).read(columns=list(columns))
    cells = [["" if cell is None else str(cell) for cell in table.column(name).to_pylist()] for name in columns]
    for number, row in enumerate(zip(*cells, strict=True), 1):
        yield f"{path.name}, dòng {number}", dict(zip(columns, row, strict=True))


def read_facts(path: Path, found: Recorded) -> None:
    """Raises Invalid where the value is no whole number, or a unit, indicator or month is missing."""
    file = _open(path, FACTS)
    for batch in file.iter_batches(batch_size=_AT_ONCE, columns=list(FACTS)):
        if batch.column("value").null_count:
            batch = batch.filter(batch.column("value").is_valid())
        found.add(
            _codes(path, "unit", batch.column("unit"), found.units),
            _codes(path, "indicator", batch.column("indicator"), found.indicators),
            _codes(path, "month", batch.column("month"), found.months),
            _wholes(path, batch.column("value")),
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


def _codes(path: Path, name: str, column: pa.Array, words: Words) -> npt.NDArray[np.int32]:
    if column.null_count:
        raise Invalid("Tệp {name} có ô trống trong cột {column}.", name=path.name, column=name)
    if not pa.types.is_dictionary(column.type):
        column = column.cast(pa.string()).dictionary_encode()
    numbers = np.array([words.number(str(word)) for word in column.dictionary.to_pylist()], np.int32)
    found: npt.NDArray[np.int32] = numbers[column.indices.to_numpy()]
    return found


def _wholes(path: Path, column: pa.Array) -> npt.NDArray[np.int64]:
    try:
        found: npt.NDArray[np.int64] = column.cast(pa.int64()).to_numpy()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise Invalid("Tệp {name} có value không phải là số nguyên.", name=path.name) from error
    return found


def _texts(places: npt.NDArray[np.int32], words: Sequence[object]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(places, pa.array([str(word) for word in words], pa.string()))
