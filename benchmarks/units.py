"""How long the register of the whole country with 100,000 hamlets takes to load, and the subtree of a province to read.

The subtree is read side by side with django-treebeard (materialised paths) and django-tree-queries (recursive
queries), each over the same tree without dates: the register must be no slower than the faster of them, dates and all.
On SQLite in a file of its own; under `tools/postgres.py` on PostgreSQL.
"""

import csv
import os
import shutil
import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

import django
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from benchmarks.record import Measure, runs_ms

DAY = date(2025, 6, 30)
HAMLETS = 10  # of each of 10,035 communes
LIMIT_S = 60
TIMES = 21
REGISTER, TREEBEARD, QUERIES = "the register on a day", "django-treebeard", "django-tree-queries"
# One of the usual size, and the one with most communes, for which no limit is set.
PROVINCES = (("91", "Kiên Giang", 20), ("38", "Thanh Hóa", None))
_T = TypeVar("_T")
_COLUMNS = ("key", "code", "name", "level", "kind", "parent_code", "valid_from", "document")


def measure() -> list[Measure]:
    """The measures, on the database that HIEUHOC_DATABASE_URL names."""
    is_file = "HIEUHOC_DATABASE_URL" not in os.environ
    folder = Path("var/benchmark-units" if is_file else "var/benchmark-units-postgresql").resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "benchmarks.trees.settings",
        "HIEUHOC_DATA_DIR": str(folder),
        "HIEUHOC_TODAY": "2025-06-30",
        "HIEUHOC_LOG_LEVEL": "ERROR",
    }
    django.setup()
    call_command("migrate", verbosity=0, run_syncdb=True)
    found = _loading(folder)
    _plant()
    connection.cursor().execute("ANALYZE")
    for code, name, limit in PROVINCES:
        found += _subtree(code, name, limit)
    return found


def _loading(folder: Path) -> list[Measure]:
    from hieuhoc.registers.places import services  # noqa: PLC0415  # after Django has started: it imports models
    from hieuhoc.registers.places.services.loading import COUNTRY_2025, SHIPPED  # noqa: PLC0415  # as above

    hamlets = _hamlets(SHIPPED / COUNTRY_2025, folder / "hamlets.csv")
    files = [COUNTRY_2025, hamlets]
    seconds, loaded = _seconds(lambda: services.load_units(files=files))
    assert loaded.units == 10794 + 10035 * HAMLETS, loaded
    again, nothing = _seconds(lambda: services.load_units(files=files))
    assert nothing.units == 0
    return [
        Measure(f"the country and its hamlets loaded: {loaded.units} units", seconds, "s", LIMIT_S),
        Measure("the same files loaded again, nothing new", again, "s"),
    ]


def _seconds(do: Callable[[], _T]) -> tuple[float, _T]:
    started = time.perf_counter()
    done = do()
    return time.perf_counter() - started, done


def _hamlets(places: Path, target: Path) -> Path:
    """Ten hamlets for every commune, made up: no list of the real ones is published."""
    with places.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, fieldnames=_COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        for row in csv.DictReader(line for line in lines if not line.startswith("#")):
            if row["level"] == "commune":
                hamlet = {"level": "hamlet", "kind": "ap", "parent_code": row["code"], "valid_from": row["valid_from"]}
                writer.writerows(hamlet | {"name": f"Ấp {number}"} for number in range(1, HAMLETS + 1))
    return target


def _plant() -> None:
    """The tree of the day in both libraries, in the same order: parents before children, siblings by name."""
    from benchmarks.trees.models import PathUnit, QueryUnit  # noqa: PLC0415  # after Django has started
    from hieuhoc.registers.places.models import Unit  # noqa: PLC0415  # as above

    columns = ("key", "name", "short_name", "folded", "sort_key", "code", "level", "kind")
    paths, children = {None: ""}, {}
    by_path, by_query = [], []
    units = list(Unit.objects.exclude(level__in=["agency", "group"]))
    for unit in sorted(units, key=lambda one: (one.path.count("/"), one.sort_key)):
        state = {name: getattr(unit, name) for name in columns}
        children[unit.parent_id] = children.get(unit.parent_id, 0) + 1
        depth = unit.path.count("/") - 1
        paths[unit.pk] = PathUnit._get_path(paths[unit.parent_id], depth, children[unit.parent_id])
        by_path.append(PathUnit(path=paths[unit.pk], depth=depth, **state))
        by_query.append(QueryUnit(pk=unit.pk, parent_id=unit.parent_id, **state))
    keys = {unit.key: unit.pk for unit in units}
    for node in by_path:
        node.numchild = children.get(keys[node.key], 0)
    with transaction.atomic():
        PathUnit.objects.bulk_create(by_path, batch_size=1000)
        QueryUnit.objects.bulk_create(by_query, batch_size=1000)


def _subtree(code: str, name: str, limit: float | None) -> list[Measure]:
    from benchmarks.trees.models import PathUnit, QueryUnit  # noqa: PLC0415  # after Django has started
    from hieuhoc.registers.places import selectors  # noqa: PLC0415  # as above

    province = selectors.unit_by_code(code, on=DAY)
    path_node, query_node = PathUnit.objects.get(code=code), QueryUnit.objects.get(code=code)
    columns = ("id", "code", "name", "level", "kind", "path")
    flat = columns[:-1]
    rows: dict[str, Callable[[], list[str]]] = {
        REGISTER: lambda: [row[2] for row in selectors.subtree_on(DAY, under=province)],
        TREEBEARD: lambda: [row[2] for row in path_node.get_descendants().values_list(*columns)],
        QUERIES: lambda: [row[2] for row in QueryUnit.objects.descendants(query_node).values_list(*flat)],
    }
    instances: dict[str, Callable[[], list[str]]] = {
        REGISTER: lambda: [one.name for one in selectors.units_on(DAY, under=province).select_related(None)],
        TREEBEARD: lambda: [one.name for one in path_node.get_descendants()],
        QUERIES: lambda: [one.name for one in QueryUnit.objects.descendants(query_node)],
    }
    found = _side_by_side(f"{name}, values", rows, limit=limit, ratio=1)
    found += _side_by_side(f"{name}, objects", instances)
    whole = statistics.median(runs_ms(lambda: list(selectors.units_on(DAY, under=province)), times=TIMES))
    return [*found, Measure(f"{name}: versions with their units and parents", whole, "ms", None, TIMES)]


def _side_by_side(
    what: str, ways: dict[str, Callable[[], list[str]]], *, limit: float | None = None, ratio: float | None = None
) -> list[Measure]:
    answers = {way: sorted(do()) for way, do in ways.items()}
    assert len({tuple(answer) for answer in answers.values()}) == 1, "they do not find the same units"
    # In turns, so that whatever else the machine does falls on each of them alike.
    rounds = [{way: runs_ms(do, times=1)[0] for way, do in ways.items()} for _ in range(TIMES)]
    taken = {way: statistics.median(one[way] for one in rounds) for way in ways}
    found = [
        Measure(
            f"{what}, {len(answers[way])} units: {way}", taken[way], "ms", limit if way == REGISTER else None, TIMES
        )
        for way in ways
    ]
    with CaptureQueriesContext(connection) as queries:
        ways[REGISTER]()
    found.append(Measure(f"{what}: queries of {REGISTER}", len(queries), "queries", 1))
    faster = taken[REGISTER] / min(taken[TREEBEARD], taken[QUERIES])
    return [*found, Measure(f"{what}: {REGISTER} / the faster library", faster, "times", ratio)]
