"""What no import linter sees: by which door an app is entered, and where its tables point."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model

from tests.whole import source

# `rules` are pure: values in, value out.
DOORS = {"selectors", "services", "facts", "access", "roles", "rules"}
# Model classes that are other apps' very vocabulary: naming their type is not reaching into their tables.
VOCABULARY = {
    "hieuhoc.registers.places.models.Unit",
    "hieuhoc.registers.accounts.models.User",
    "hieuhoc.registers.people.models.Person",
    # The fields that every app's forms are made of, and what a form does with a deed that finds something invalid.
    "hieuhoc.registers.accounts.forms.UnitField",
    "hieuhoc.registers.accounts.forms.FileForm",
    "hieuhoc.registers.accounts.forms.attempt",
    "hieuhoc.registers.people.forms.PersonForm",
}
FORBIDDEN_NAMES = {
    "utils",
    "helpers",
    "common",
    "misc",
    "base",
    "manager",
    "handler",
    "processor",
    "data",
    "info",
    "new",
}


def test_the_import_contracts_hold(repository: Path) -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=repository, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_another_app_is_entered_only_by_its_doors() -> None:
    trespasses = []
    for floor in ("registers", "programme"):
        for name, module in source.modules(floor):
            own = ".".join(name.split(".")[:2])
            for imported, line in source.imports(module):
                words = imported.split(".")
                is_app = words[0] == "hieuhoc" and words[1] in {"registers", "programme"} and len(words) > 2
                if not is_app or ".".join(words[1:3]) == own or imported in VOCABULARY:
                    continue
                if len(words) < 4 or words[3] not in DOORS:
                    trespasses.append(f"{name}:{line} enters by {imported}")
    assert not trespasses, "\n".join(trespasses)


def test_a_foreign_key_points_to_the_same_app_or_a_lower_one() -> None:
    order = [name.split(".")[-1] for name in source.APPS]
    wrong = []
    for model in apps.get_models():
        label = model._meta.app_label
        if not model.__module__.startswith("hieuhoc."):
            continue
        for field in model._meta.get_fields():
            other = getattr(field, "remote_field", None) and field.related_model
            if isinstance(other, type) and issubclass(other, Model) and field.concrete:
                there = other._meta.app_label
                if there in order and order.index(there) > order.index(label):
                    wrong.append(f"{label}.{model.__name__}.{field.name} points up to {there}")
    assert not wrong, "\n".join(wrong)


def test_a_foreign_key_to_another_app_names_its_table_by_string() -> None:
    wrong = []
    for name, module in source.modules():
        if ".models" not in f".{name}":
            continue
        own = {node.name for node in module.body if isinstance(node, ast.ClassDef)}
        models = f"hieuhoc.{name.partition('.models')[0]}.models."
        own |= {imported.split(".")[-1] for imported, _ in source.imports(module) if imported.startswith(models)}
        for node in ast.walk(module):
            called = ast.unparse(node.func).split(".")[-1] if isinstance(node, ast.Call) else ""
            if called in {"ForeignKey", "OneToOneField", "ManyToManyField"} and isinstance(node, ast.Call):
                first = ast.unparse(node.args[0]) if node.args else ""
                if first not in own and not first.startswith(("'", '"')):
                    wrong.append(f"{name}:{node.lineno} {first}")
    assert not wrong, "\n".join(wrong)


def test_a_migration_imports_no_code_of_ours() -> None:
    wrong = [
        f"{name}:{line} imports {imported}"
        for name, module in source.modules()
        if ".migrations." in name
        for imported, line in source.imports(module)
        if imported.startswith("hieuhoc")
    ]
    assert not wrong, "\n".join(wrong)


def test_models_hold_no_deeds() -> None:
    wrong = []
    for name, module in source.modules():
        words = name.split(".")
        is_models = "models" in words
        for node in ast.walk(module):
            if is_models and isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"}:
                wrong.append(f"{name}:{node.lineno} overrides {node.name}()")
            if isinstance(node, ast.ImportFrom) and node.module and "signals" in node.module:
                wrong.append(f"{name}:{node.lineno} uses signals")
    assert not wrong, "\n".join(wrong)


def test_no_file_has_a_name_that_says_nothing() -> None:
    # What every part of the contract stands on is called `base` by the house itself.
    named = (name for name, _ in source.modules() if name != "api.base")
    wrong = [name for name in named if name.split(".")[-1] in FORBIDDEN_NAMES]
    assert not wrong


@pytest.mark.parametrize("folder", ["kernel", "engines"])
def test_the_pure_floors_read_no_clock_and_no_environment(folder: str) -> None:
    wrong = []
    for name, module in source.modules(folder):
        for node in ast.walk(module):
            said = ast.unparse(node) if isinstance(node, ast.Call | ast.Attribute) else ""
            if said in {"date.today()", "datetime.now()", "datetime.today()", "os.environ"}:
                wrong.append(f"{name}:{getattr(node, 'lineno', 0)} {said}")
    assert not wrong, "\n".join(wrong)
