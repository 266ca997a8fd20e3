"""How long it takes to add up 36 million facts of a country to every level, beside DuckDB and pandas.

15,000 communes × 12 months × 200 indicators, from the same arrays in memory, to the sums and counts of communes,
districts, provinces and the country. Each of the others in its best form: integers for keys, one grouping a level,
each from the level below. The communes' level is the facts, if no fact is told twice: ours makes sure of that, the
others need a grouping for it, and are measured with and without. Then from Parquet to Parquet, and ten provinces beside
one on Dask.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.record import Measure
from hieuhoc.engines.rollup import Life, Span, Tree
from hieuhoc.engines.rollup.grid import Grid, OverTime
from hieuhoc.engines.rollup.parts import Facts, Part, Question
from hieuhoc.kernel.periods import Rhythm, period_of
from hieuhoc.project.totals.spreading import add_up_spread

BEGIN = date(2018, 1, 1)
MONTHS = tuple(period_of(Rhythm.MONTH, date(2024, month, 1)) for month in range(1, 13))
YEAR = period_of(Rhythm.YEAR, date(2024, 1, 1))
INDICATORS = 200
COMMUNES, DISTRICTS, PROVINCES = 15_000, 750, 60
T = TypeVar("T")
THREADS = min(os.cpu_count() or 1, 8)


@dataclass(frozen=True)
class Country:
    """A country of equal provinces, and what its communes have reported, in columns of codes."""

    tree: Tree
    communes: list[str]
    units: npt.NDArray[np.int32]
    months: npt.NDArray[np.int8]
    indicators: npt.NDArray[np.int16]
    values: npt.NDArray[np.int64]


def measure() -> list[Measure]:
    country = _country()
    return [*_in_memory(country), *_from_file_to_file(country), *_spread()]


def _country() -> Country:
    lives = [Life("VN", (Span(BEGIN),))]
    communes: list[str] = []
    for province in range(PROVINCES):
        lives.append(Life(f"T{province}", (Span(BEGIN, None, "VN"),)))
        for district in range(province, DISTRICTS, PROVINCES):
            lives.append(Life(f"H{district}", (Span(BEGIN, None, f"T{province}"),)))
            own = [f"X{commune}" for commune in range(district, COMMUNES, DISTRICTS)]
            lives += [Life(commune, (Span(BEGIN, None, f"H{district}"),)) for commune in own]
            communes += own
    place = {life.unit: at for at, life in enumerate(lives)}
    each = len(MONTHS) * INDICATORS
    return Country(
        Tree(lives),
        communes,
        np.repeat(np.array([place[commune] for commune in communes], np.int32), each),
        np.tile(np.repeat(np.arange(len(MONTHS), dtype=np.int8), INDICATORS), len(communes)),
        np.tile(np.arange(INDICATORS, dtype=np.int16), len(communes) * len(MONTHS)),
        np.random.default_rng(2024).integers(0, 100_000, len(communes) * each),
    )


def _in_memory(country: Country) -> list[Measure]:
    parents = _parents(country.tree)
    ours, grid = _seconds(lambda: _ours(country), times=5)
    given, country_given = _seconds(lambda: _duckdb(country, parents, communes=False), times=3)
    whole, country_whole = _seconds(lambda: _duckdb(country, parents, communes=True), times=1)
    frames, country_frames = _seconds(lambda: _pandas(country, parents, communes=True), times=1)
    frames_given, country_frames_given = _seconds(lambda: _pandas(country, parents, communes=False), times=1)
    bare, _ = _seconds(country.values.sum, times=5)
    mixed = _shuffled(country)
    in_any_order, other = _seconds(lambda: _ours(mixed), times=3)
    total = int(country.values.sum())
    found = {_total(grid), _total(other), country_given, country_whole, country_frames, country_frames_given}
    assert found == {total}, "they do not agree"
    return [
        Measure("36 million facts to four levels, ours", ours * 1000, "ms", None, 5),
        Measure("ours, when the facts lie in no order", in_any_order * 1000, "ms", None, 3),
        Measure("DuckDB, a grouping for each of four levels", whole * 1000, "ms", None, 1),
        Measure("DuckDB, the communes' level given to it", given * 1000, "ms", None, 3),
        Measure("pandas, a grouping for each of four levels", frames * 1000, "ms", None, 1),
        Measure("pandas, the communes' level given to it", frames_given * 1000, "ms", None, 1),
        Measure("ours, of DuckDB's time", 100 * ours / whole, "%", 100 / 3),
        Measure("ours, of DuckDB's time with the communes' level given", 100 * ours / given, "%", 100 / 3),
        Measure("ours, of pandas' time", 100 * ours / frames, "%", 100 / 15),
        Measure("ours, of pandas' time with the communes' level given", 100 * ours / frames_given, "%", 100 / 15),
        Measure("one bare pass over the values", bare * 1000, "ms", None, 5),
        Measure("ours : bare pass", ours / bare, "times"),
    ]


def _shuffled(country: Country) -> Country:
    order = np.random.default_rng(7).permutation(len(country.values))
    columns = (country.units, country.months, country.indicators, country.values)
    return Country(country.tree, country.communes, *(column[order] for column in columns))


def _total(grid: Grid) -> int:
    top = [grid.row("VN")]
    return sum(int(grid.at(top, column)[0].sum()) for column in range(len(MONTHS)))


def _ours(country: Country) -> Grid:
    """Checks as it goes: every fact in its place, none told twice, no sum beyond 64 bits."""
    grid = Grid(country.tree, MONTHS, INDICATORS)
    rows = [grid.row(life.unit) for life in country.tree.lives]
    grid.put(country.units, country.months, country.indicators, country.values, rows=rows, threads=THREADS)
    grid.add_up(threads=THREADS)
    return grid


def _parents(tree: Tree) -> npt.NDArray[np.int32]:
    place = {life.unit: at for at, life in enumerate(tree.lives)}
    return np.array([place.get(life.spans[0].parent or "", -1) for life in tree.lives], np.int32)


def _duckdb(country: Country, parents: npt.NDArray[np.int32], *, communes: bool) -> int:
    """Integers for keys and a join with a small table; sums and counts, each level from the one below."""
    facts = pa.table(
        {
            "unit": country.units,
            "month": country.months,
            "indicator": country.indicators,
            "value": country.values,
        }
    )
    tree = pa.table({"unit": np.arange(len(parents), dtype=np.int32), "parent": parents})
    with duckdb.connect() as base:
        base.execute(f"SET threads = {THREADS}")
        base.register("facts", facts)
        base.register("tree_given", tree)
        base.execute("CREATE TEMP TABLE tree AS SELECT * FROM tree_given")
        # A sum of whole numbers is a number of 128 bits to DuckDB; 64 bits are what is asked for, and are faster.
        grouped = (
            "CREATE TEMP TABLE {to} AS SELECT parent AS unit, month, indicator, sum(value)::BIGINT AS value,"
            " {count} AS known FROM {source} JOIN tree USING (unit) GROUP BY parent, month, indicator"
        )
        if communes:
            base.execute(
                "CREATE TEMP TABLE communes AS SELECT unit, month, indicator, sum(value)::BIGINT AS value,"
                " count(value) AS known FROM facts GROUP BY unit, month, indicator"
            )
            base.execute(grouped.format(to="districts", source="communes", count="sum(known)::BIGINT"))
        else:
            base.execute(grouped.format(to="districts", source="facts", count="count(value)"))
        base.execute(grouped.format(to="provinces", source="districts", count="sum(known)::BIGINT"))
        base.execute(grouped.format(to="country", source="provinces", count="sum(known)::BIGINT"))
        found = base.execute("SELECT sum(value) FROM country").fetchone()
    return int(found[0]) if found else 0


def _pandas(country: Country, parents: npt.NDArray[np.int32], *, communes: bool) -> int:
    """One integer for a key, and no sorting."""
    each = len(MONTHS) * INDICATORS
    cell = country.months.astype(np.int64) * INDICATORS + country.indicators
    units = country.units
    values = pd.Series(country.values)
    counts: pd.Series | None = None
    for level in range(4 if communes else 3):
        owners = units if communes and level == 0 else parents[units]
        key = owners.astype(np.int64) * each + cell
        groups = values.groupby(key, sort=False)
        counts = groups.count() if counts is None else counts.groupby(key, sort=False).sum()
        values = groups.sum()
        units = (values.index.to_numpy() // each).astype(np.int32)
        cell = values.index.to_numpy() % each
        values, counts = values.reset_index(drop=True), counts.reset_index(drop=True)
    return int(values.sum())


def _from_file_to_file(country: Country) -> list[Measure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_tables(country, folder)
        words = [f"--{table}={folder / table}.{ending}" for table, ending in _ENDINGS.items()]
        command = [sys.executable, "-c", _MEASURED, "rollup", *words, "--periods", "month,quarter,year"]
        environment = {**os.environ, "PYTHONPATH": "src"}
        started = time.perf_counter()
        done = subprocess.run(command, check=True, env=environment, capture_output=True, text=True)
        taken = time.perf_counter() - started
    return [
        Measure("from Parquet to Parquet, months, quarters and year", taken * 1000, "ms", 30_000),
        Measure("memory for that", int(done.stdout.split()[-1]) / 1024, "MB", 4096),
    ]


# The largest memory of the process itself: what the system tells its parent counts the parent, too.
_MEASURED = """
import atexit, re
from pathlib import Path
from hieuhoc.project.cli import main
atexit.register(lambda: print(re.search("VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]))
main()
"""
_ENDINGS = {"tree": "csv", "rules": "csv", "facts": "parquet", "out": "parquet"}


def _write_tables(country: Country, folder: Path) -> None:
    rows = (f"{life.unit},{life.spans[0].parent or ''},{BEGIN},\n" for life in country.tree.lives)
    (folder / "tree.csv").write_text("unit,parent,valid_from,valid_to\n" + "".join(rows), encoding="utf-8")
    rules = (f"i{at},sum,{('sum', 'last')[at % 2]}\n" for at in range(INDICATORS))
    (folder / "rules.csv").write_text("indicator,over_places,over_time\n" + "".join(rules), encoding="utf-8")
    names = [pa.array([str(life.unit) for life in country.tree.lives]), [f"i{at}" for at in range(INDICATORS)]]
    texts = [
        pa.DictionaryArray.from_arrays(country.units, names[0]),
        pa.DictionaryArray.from_arrays(country.indicators, pa.array(names[1])),
        pa.DictionaryArray.from_arrays(country.months, pa.array([month.code for month in MONTHS])),
    ]
    table = pa.table([*texts, country.values], names=["unit", "indicator", "month", "value"])
    pq.write_table(table, folder / "facts.parquet", store_schema=False)


def _spread() -> list[Measure]:
    """One province of 250 communes on two processes, and ten."""
    question = Question(MONTHS, (OverTime.SUM,) * INDICATORS, (*MONTHS, YEAR))
    parts = [_province(number) for number in range(10)]
    one = _spread_seconds(parts[:1], question)
    ten = _spread_seconds(parts, question)
    return [
        Measure("one province on two processes of Dask", one * 1000, "ms"),
        Measure("ten provinces on them", ten * 1000, "ms"),
        Measure("ten provinces : one", ten / one, "times", 10),
    ]


def _province(number: int) -> Part:
    lives = [Life(f"T{number}", (Span(BEGIN),))]
    lives += [Life(f"T{number}X{at}", (Span(BEGIN, None, f"T{number}"),)) for at in range(250)]
    places = np.argwhere(np.ones((250, len(MONTHS), INDICATORS), np.bool_)).astype(np.int32)
    values = np.random.default_rng(number).integers(0, 100_000, len(places))
    return Part(tuple(lives), (Facts(places[:, 0] + 1, places[:, 1].astype(np.int16), places[:, 2], values),))


def _spread_seconds(parts: list[Part], question: Question) -> float:
    """From the moment at which the workers stand."""
    warm = iter(add_up_spread([parts[0], *parts], question, "local:2"))
    next(warm)
    started = time.perf_counter()
    for result in warm:
        assert result.values.sum() > 0
    return time.perf_counter() - started


def _seconds(do: Callable[[], T], *, times: int) -> tuple[float, T]:
    """The median of so many runs, after one that is not counted where there are several; and what the last gave."""
    found = do() if times > 1 else None
    runs = []
    for _ in range(times):
        found = None
        started = time.perf_counter()
        found = do()
        runs.append(time.perf_counter() - started)
    assert found is not None
    return statistics.median(runs), found
