"""One run of `hieuhoc rollup`: three tables in, one out, which appears when it is whole."""

import importlib
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import numpy as np

from hieuhoc.engines.rollup import Tree
from hieuhoc.engines.rollup.grid import OverTime
from hieuhoc.engines.rollup.parts import Facts, PartTotals, Question, add_up, add_up_crown, split
from hieuhoc.kernel.errors import HouseError, Invalid
from hieuhoc.kernel.periods import Period, Rhythm, period_of
from hieuhoc.project.totals.recorded import FACTS, RULES, TREE, Recorded, Row, Words, lives_of, month_of, rules_of

_MODULES = {".csv": "csv_files", ".parquet": "parquet_files"}
# A longer span of facts is a slip of the pen in a month; each month between would be told of every unit.
_MOST_YEARS = 100
_MOST_DAYS = _MOST_YEARS * 366
# So many rows of a unit are named.
_MOST_ROWS = 4


def run(*, tree: Path, facts: Path, rules: Path, rhythms: Sequence[Rhythm], out: Path, where: str = "") -> None:
    """Add up the facts over the tree and over the periods of each rhythm in which there is a fact.

    `where` names workers (see `spreading`); empty, all is done here.

    Raises:
        Invalid, Conflict: a file that cannot be read or whose tables do not fit together; nothing is written then.
    """
    writing = _module(out)
    _require_files(tree, facts, rules, out=out)
    register = _tree(tree)
    rule_of = rules_of(_module(rules).read_table(rules, RULES))
    units = Words.beginning_with(str(life.unit) for life in register.lives)
    recorded = Recorded(units, Words.beginning_with(rule_of))
    _module(facts).read_facts(facts, recorded)
    _check_words(recorded, tree=tree, facts=facts, rules=rules)
    question = _question(recorded, [*rule_of.values()], rhythms)
    crown, parts = split(register, _placed(recorded, question))
    if where:
        results: Iterable[PartTotals] = _spreading().add_up_spread(parts, question, where)
    else:
        results = (add_up(part, question) for part in parts)
    # A name of its own, so that two runs do not write into one another's file.
    unfinished = out.with_name(f".{out.name[:40]}.{os.getpid()}.part")
    try:
        with closing(writing.Writer(unfinished, [*rule_of], has_means=OverTime.MEAN in rule_of.values())) as writer:

            def written() -> Iterator[PartTotals]:
                for result in results:
                    writer.write(result.totals)
                    yield result

            if crown is not None:
                writer.write(add_up_crown(crown, written(), question))
            else:
                for _ in written():
                    pass
        unfinished.replace(out)
    except HouseError as error:
        raise _placed_fault(error, facts, register) from error
    finally:
        unfinished.unlink(missing_ok=True)


def _require_files(*given: Path, out: Path) -> None:
    for path in given:
        if not path.exists() or path.is_dir():
            raise Invalid("Không có tệp {name}.", name=path)
        if out.exists() and out.samefile(path):
            raise Invalid("Tệp ra {name} trùng với tệp vào.", name=out)
    if out.is_dir():
        raise Invalid("Không ghi được {name}: đó là một thư mục.", name=out)
    if not out.absolute().parent.is_dir():
        raise Invalid("Không ghi được {name}: không có thư mục ấy.", name=out)


def _tree(path: Path) -> Tree:
    """The tree of a file. Raises: what `Tree` raises, with the rows of the unit at fault."""
    rows = list(_module(path).read_table(path, TREE))
    try:
        return Tree(lives_of(rows))
    except HouseError as error:
        if "where" in error.values:
            raise
        own = [where for where, row in rows if row["unit"] == error.values.get("unit")]
        raise Invalid("{where}: {why}", where="; ".join(own[:_MOST_ROWS]) or path.name, why=error) from error


def _check_words(recorded: Recorded, *, tree: Path, facts: Path, rules: Path) -> None:
    """That every unit stands in the tree, every indicator in the rules, and every month is one."""
    for column, words, known in (("unit", recorded.units, tree), ("indicator", recorded.indicators, rules)):
        for word in words.strange[:1]:
            where = _first_row(facts, column, word)
            if not word:
                raise Invalid("{where}: thiếu {column}.", where=where, column=column)
            raise Invalid(
                "{where}: {column} {word} không có trong tệp {known}.",
                where=where,
                column=column,
                word=word[:40],
                known=known.name,
            )
    for word in recorded.months.numbers:
        try:
            month_of(word)
        except Invalid as error:
            raise Invalid("{where}: {why}", where=_first_row(facts, "month", word), why=error) from error
    if not recorded.months.numbers:
        raise Invalid("Tệp {name} không có giá trị nào.", name=facts.name)


def _first_row(path: Path, column: str, word: str) -> str:
    """Where the first fact stands that has this word in a column."""
    rows: Iterable[Row] = _module(path).read_table(path, FACTS)
    return next((where for where, row in rows if row[column] == word and row["value"]), path.name)


def _placed_fault(error: HouseError, path: Path, tree: Tree) -> HouseError:
    """The same fault with the row of the facts at which it shows: a fact told twice, or of a unit that takes none."""
    if "unit" not in error.values:
        return error
    rows: Iterable[Row] = _module(path).read_table(path, FACTS)
    told: set[tuple[str, str]] = set()
    for where, row in rows:
        if row["unit"] != error.values["unit"] or not row["value"]:
            continue
        fact, day = (row["indicator"], row["month"]), month_of(row["month"]).last
        if fact in told or not tree.stands(row["unit"], day) or tree.children(row["unit"], day):
            return Invalid("{where}: {why}", where=where, why=error)
        told.add(fact)
    return error


def _question(recorded: Recorded, rules: Sequence[OverTime], rhythms: Sequence[Rhythm]) -> Question:
    """What is asked of the facts: all periods in which there is one, and all months of these periods."""
    told = sorted(month_of(word) for word in recorded.months.numbers)
    if (told[-1].first - told[0].first).days > _MOST_DAYS:
        raise Invalid(
            "Số liệu trải từ {first} đến {last}, dài quá {years} năm: hãy xem lại cột month.",
            first=told[0].name,
            last=told[-1].name,
            years=_MOST_YEARS,
        )
    inside = _months(told[0], told[-1])
    periods = tuple(dict.fromkeys(period_of(rhythm, month.first) for rhythm in rhythms for month in inside))
    first = min(period.first for period in (*periods, told[0]))
    end = max(period.end for period in (*periods, told[-1]))
    axis = _months(period_of(Rhythm.MONTH, first), period_of(Rhythm.MONTH, end - timedelta(days=1)))
    return Question(tuple(axis), tuple(rules), periods)


def _placed(recorded: Recorded, question: Question) -> list[Facts]:
    """The facts with their months by the places in the question."""
    at = {month: place for place, month in enumerate(question.months)}
    places = np.array([at[month_of(word)] for word in recorded.months.numbers], np.int16)
    return [replace(some, months=places[some.months]) for some in recorded.chunks]


def _months(first: Period, last: Period) -> list[Period]:
    found = [first]
    while found[-1] < last:
        found.append(found[-1].following())
    return found


def _module(path: Path) -> ModuleType:
    """The module that reads and writes files of this ending; it is loaded when such a file is named."""
    ending = path.suffix.lower()
    if ending not in _MODULES:
        raise Invalid("Tệp phải là .csv hoặc .parquet: {name}.", name=path.name)
    return _loaded(_MODULES[ending])


def _spreading() -> ModuleType:
    return _loaded("spreading")


def _loaded(name: str) -> ModuleType:
    try:
        return importlib.import_module(f"hieuhoc.project.totals.{name}")
    except ModuleNotFoundError as error:
        raise Invalid("Thiếu thư viện {library}; hãy cài hieuhoc[country].", library=error.name) from error
