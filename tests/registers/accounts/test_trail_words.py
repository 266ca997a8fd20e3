"""Whatever the house writes into the trail is told in words, not in the names of the code."""

import ast
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from tests.whole import source

from hieuhoc.registers.accounts.selectors import history
from hieuhoc.registers.places.selectors import rows

# Lists of keys are left out of what a reader is told.
LISTS = {("people", "joined"), ("people", "fields"), ("places", "numbers")}


def _written() -> Iterator[tuple[str, str]]:
    """The app, and each name of a change that its source writes down."""
    for folder in ("registers", "programme", "reports"):
        for module, tree in source.modules(folder):
            if folder == "reports" or module.count(".") > 1:
                app = folder if folder == "reports" else module.split(".")[1]
                for call in ast.walk(tree):
                    for word in getattr(call, "keywords", ()):
                        if word.arg == "changes" and isinstance(word.value, ast.Dict):
                            keys = (one.value for one in word.value.keys if isinstance(one, ast.Constant))
                            yield from ((app, str(key)) for key in keys)


def _has_words(app: str, name: str) -> bool:
    if name in history._LABELS or name in dict(rows.row_columns()):
        return True
    if any(name in getattr(config, "changes", {}) for config in apps.get_app_configs()):
        return True
    for model in apps.get_app_config(app).get_models():
        try:
            return bool(model._meta.get_field(name).verbose_name != name)
        except (FieldDoesNotExist, AttributeError):
            continue
    return False


@pytest.mark.parametrize(("app", "name"), sorted(set(_written())))
def test_each_change_has_words(app: str, name: str) -> None:
    assert _has_words(app, name) or (app, name) in LISTS
