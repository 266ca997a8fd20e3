"""Many invented rows written at once: a province's learners are too many for one row object each."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

_PART = 20_000


class Table:
    """Rows that wait for one table, each with its number given here; written when they are many, and at the end."""

    def __init__(self, model: type[models.Model], fields: Sequence[str]) -> None:
        self.model = model
        self._fields = ("id", *fields)
        last = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
        self._number = last or 0
        self._waiting: list[tuple[Any, ...]] = []

    @property
    def following(self) -> int:
        """The number that the next row will have."""
        return self._number + 1

    def add(self, *row: Any) -> int:
        """Another row, as the database takes it; its number."""
        self._number += 1
        self._waiting.append((self._number, *row))
        return self._number

    def write(self, *, at_least: int = 1) -> None:
        """Write what waits, if it is enough."""
        if len(self._waiting) >= at_least:
            _write(self.model, self._fields, self._waiting)
            self._waiting = []


def instant(moment: datetime) -> Any:
    """A moment as the database takes it."""
    return connection.ops.adapt_datetimefield_value(moment)


def tell_numbers(tables: Iterable[Table]) -> None:
    """Let the database go on numbering behind the rows that were given their numbers here."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [one.model for one in tables]):
            cursor.execute(statement)


def tell_sizes(tables: Iterable[Table]) -> None:
    """Let PostgreSQL know how much lies in these tables now, so that it does not plan as if they were still empty.

    It finds out by itself only a while after the rows are committed, and the first counting comes before that.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            names = ", ".join(connection.ops.quote_name(one.model._meta.db_table) for one in tables)
            cursor.execute(f"ANALYZE {names}")


def _write(model: type[models.Model], fields: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(_column(model, name)) for name in fields)
    table = quoted(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        places = ", ".join(["%s"] * len(fields))
        waiting = iter(rows)
        while part := list(islice(waiting, _PART)):
            # Names of our own tables and columns; every value goes as a parameter.
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", part)  # noqa: S608


def _column(model: type[models.Model], name: str) -> str:
    column = model._meta.get_field(name)
    if not isinstance(column, models.Field) or column.column is None:
        raise TypeError(f"{name} is no column of {model._meta.label}")
    return column.column
