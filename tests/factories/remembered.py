"""Rows that many tests begin with are worked out once a process, and after that only written again.

The cast alone takes some 110 statements through the services, and thousands of tests ask for it. What the services
made of it the first time is kept as rows; the next test gets the same rows, with the same keys, in one statement a
table.
"""

import copy
from collections.abc import Callable
from typing import Generic, TypeVar

from django.apps import apps
from django.db import models, transaction

Thing = TypeVar("Thing")
Rows = list[tuple[type[models.Model], list[models.Model]]]


class Remembered(Generic[Thing]):
    """Calls `make` once; after that writes the rows that it wrote, and returns a copy of what it returned.

    For a `make` that only adds rows, and stands on none that another test may lack. Where one of its tables already
    holds a row, `make` itself is called, so that keys never meet.
    """

    def __init__(self, make: Callable[[], Thing]) -> None:
        self._make = make
        self._made: tuple[Thing, Rows] | None = None

    def __call__(self) -> Thing:
        if self._made is None:
            return self._first()
        if any(model._base_manager.exists() for model, _ in self._made[1]):
            return self._make()
        thing, rows = copy.deepcopy(self._made)
        with transaction.atomic():  # foreign keys are checked at its end: the order of tables is free
            for model, of_model in rows:
                model._base_manager.bulk_create(of_model)
        return thing

    def _first(self) -> Thing:
        before = _counts()
        thing = self._make()
        changed = [model for model, number in _counts().items() if number != before[model]]
        if not any(before[model] for model in changed):
            self._made = copy.deepcopy((thing, [(model, list(model._base_manager.all())) for model in changed]))
        return thing


def _counts() -> dict[type[models.Model], int]:
    models_with_tables = apps.get_models(include_auto_created=True)
    return {model: model._base_manager.count() for model in models_with_tables if model._meta.managed}
