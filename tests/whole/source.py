"""The house's source as trees, for tests that read it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "hieuhoc"
# Apps from the ground up: a table may point at its own app or at one before it.
APPS = (
    "foundation.ui",
    "foundation.records",
    "foundation.outbox",
    "foundation.jobs",
    "registers.places",
    "registers.accounts",
    "registers.people",
    "registers.indicators",
    "programme.plans",
    "programme.learning",
    "reports",
    "project",
)


def modules(folder: str = "") -> Iterator[tuple[str, ast.Module]]:
    """Dotted name and tree of every module under a folder of the package."""
    for path in sorted((PACKAGE / folder).rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        yield ".".join(part for part in parts if part != "__init__"), tree(path)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(module: ast.Module) -> Iterator[tuple[str, int]]:
    """What a module imports when it runs (not what it names only for types), each as a dotted name with its line."""
    for node in _running(module):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def _running(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            continue
        yield child
        yield from _running(child)
