"""Many rows written at once, as plain values: a province's totals are millions, and objects cost more than they."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models

_PART = 5000


def insert(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Add rows with these columns (names of fields, `_id` for keys); how many they were."""
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(_column(model, name)) for name in fields)
    places = ", ".join(["%s"] * len(fields))
    table = quoted(model._meta.db_table)
    # Names of our own tables and columns; every value goes as a parameter.
    return _many(f"INSERT INTO {table} ({columns}) VALUES ({places})", _prepared(model, fields, rows))  # noqa: S608


def update(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Change rows: in each come the columns, and last the row's number; how many they were."""
    quoted = connection.ops.quote_name
    columns = ", ".join(f"{quoted(_column(model, name))} = %s" for name in fields)
    key = quoted(_column(model, "id"))
    statement = f"UPDATE {quoted(model._meta.db_table)} SET {columns} WHERE {key} = %s"  # noqa: S608  # as above
    return _many(statement, _prepared(model, [*fields, "id"], rows))


def delete(model: type[models.Model], numbers: Sequence[int]) -> int:
    """Remove rows by their numbers, and nothing else: no row may hang on them."""
    for start in range(0, len(numbers), _PART):
        rows = model._default_manager.filter(pk__in=numbers[start : start + _PART])
        rows._raw_delete(rows.db)  # Django's own way to a bare DELETE
    return len(numbers)


def _column(model: type[models.Model], name: str) -> str:
    column = model._meta.get_field(name)
    if not isinstance(column, models.Field) or column.column is None:
        raise TypeError(f"{name} is no column of {model._meta.label}")
    return column.column


def _prepared(
    model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Iterable[Sequence[Any]]:
    """The rows as the database takes them: an instant is a text to SQLite."""
    special = [
        (place, field)
        for place, name in enumerate(fields)
        if isinstance(field := model._meta.get_field(name), models.DateTimeField)
    ]
    if not special:
        return rows
    return (_with_instants(row, special) for row in rows)


def _with_instants(row: Sequence[Any], special: Sequence[tuple[int, models.Field[Any, Any]]]) -> Sequence[Any]:
    told = list(row)
    for place, field in special:
        told[place] = field.get_db_prep_save(told[place], connection)
    return told


def _many(statement: str, rows: Iterable[Sequence[Any]]) -> int:
    count = 0
    waiting = iter(rows)
    with connection.cursor() as cursor:
        while part := list(islice(waiting, _PART)):
            cursor.executemany(statement, part)
            count += len(part)
    return count
