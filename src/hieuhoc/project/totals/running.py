"""One run of `hieuhoc rollup`: three tables in, one out, which appears when it is whole."""

import importlib
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
from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.periods import Period, Rhythm, period_of
from hieuhoc.project.totals.recorded import RULES, TREE, Recorded, Words, lives_of, month_of, rules_of

_MODULES = {".csv": "csv_files", ".parquet": "parquet_files"}


def run(*, tree: Path, facts: Path, rules: Path, rhythms: Sequence[Rhythm], out: Path, where: str = "") -> None:
    """Add up the facts over the tree and over the periods of each rhythm in which there is a fact.

    `where` names workers (see `spreading`); empty, all is done here.

    Raises:
        Invalid, Conflict: a file that cannot be read or whose tables do not fit together; nothing is written then.
    """
    writing = _module(out)
    register = Tree(lives_of(_module(tree).read_table(tree, TREE)))
    rule_of = rules_of(_module(rules).read_table(rules, RULES))
    units = Words.beginning_with(str(life.unit) for life in register.lives)
    recorded = Recorded(units, Words.beginning_with(rule_of))
    _module(facts).read_facts(facts, recorded)
    question = _question(recorded, [*rule_of.values()], rhythms)
    crown, parts = split(register, _placed(recorded, question))
    if where:
        results: Iterable[PartTotals] = _spreading().add_up_spread(parts, question, where)
    else:
        results = (add_up(part, question) for part in parts)
    unfinished = out.with_name(f".{out.name}.part")
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
    finally:
        unfinished.unlink(missing_ok=True)


def _question(recorded: Recorded, rules: Sequence[OverTime], rhythms: Sequence[Rhythm]) -> Question:
    """What is asked of the facts: all periods in which there is one, and all months of these periods."""
    for column, words in (("unit", recorded.units), ("indicator", recorded.indicators)):
        if words.strange:
            word = words.strange[0]
            raise Invalid("Tệp số liệu nêu {column} {word}, không có trong cây hay quy tắc.", column=column, word=word)
    told = sorted(month_of(word) for word in recorded.months.numbers)
    if not told:
        raise Invalid("Tệp số liệu không có giá trị nào.")
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
    if path.suffix not in _MODULES:
        raise Invalid("Tệp phải là .csv hoặc .parquet: {name}.", name=path.name)
    return _loaded(_MODULES[path.suffix])


def _spreading() -> ModuleType:
    return _loaded("spreading")


def _loaded(name: str) -> ModuleType:
    try:
        return importlib.import_module(f"hieuhoc.project.totals.{name}")
    except ModuleNotFoundError as error:
        raise Invalid("Thiếu thư viện {library}; hãy cài hieuhoc[country].", library=error.name) from error
