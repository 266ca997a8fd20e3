"""Keep the English catalogue in step with the screen text, which is written in Vietnamese in the source.

python tools/messages.py            renew src/hieuhoc/locale/en/LC_MESSAGES/django.po, keeping what is translated
python tools/messages.py --check    fail when it is not renewed, or a text has no translation
"""

import argparse
import ast
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "hieuhoc"
CATALOGUE = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
# Where each function has its texts: the places of its arguments, a context before singular and plural.
KEYWORDS: dict[str, tuple[int, ...]] = {
    "_": (0,),
    "gettext": (0,),
    "gettext_lazy": (0,),
    "gettext_noop": (0,),
    "ngettext": (0, 1),
    "ngettext_lazy": (0, 1),
    "pgettext": (0, 1),
    "pgettext_lazy": (0, 1),
    "npgettext": (0, 1, 2),
    # The words of code that knows no other language (hieuhoc.kernel.terms), and the templates of its errors.
    "Term": (0,),
    "HouseError": (0,),
    "Refused": (0,),
    "Missing": (0,),
    "Conflict": (0,),
    "Invalid": (0,),
    # The method by which rules note such an error of a row and a column.
    "refuse": (2,),
}
# A template too long for the call is first given this name, and then passed on by it.
_TEMPLATE = "sentence"
_ERRORS = ("HouseError", "Refused", "Missing", "Conflict", "Invalid")
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
_ONE_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # the file changes when its texts do, not with the clock


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail when something is missing")
    checks = parser.parse_args().check
    catalogue = renewed()
    text = written(catalogue)
    problems = [*faults(catalogue), *_unnamed()]
    if checks:
        if not CATALOGUE.exists() or CATALOGUE.read_text(encoding="utf-8") != text:
            problems.insert(0, f"{CATALOGUE.relative_to(ROOT)} is not in step with the source: run `make messages`.")
    else:
        CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
        CATALOGUE.write_text(text, encoding="utf-8")
    for problem in problems:
        print(problem)
    print(
        f"{len(catalogue)} texts, {sum(not _is_translated(message) for message in _messages(catalogue))} to translate."
    )
    return int(bool(problems) and checks)


def renewed() -> Catalog:
    """The texts of the source, each with the translation that the catalogue has for it."""
    kept = Catalog(locale="en")
    if CATALOGUE.exists():
        with CATALOGUE.open("rb") as file:
            kept = read_po(file, locale="en")
    catalogue = Catalog(
        locale="en",
        project="Hiếu Học",
        version="0",
        last_translator="Hiếu Học",
        language_team="English",
        msgid_bugs_address="-",
        creation_date=_ONE_DAY,
        revision_date=_ONE_DAY,
        header_comment="# English texts of Hiếu Học, whose source is Vietnamese. `make messages` renews this file.",
        fuzzy=False,
    )
    for name, singular, plural, context in sorted(_texts(), key=lambda text: (text[1], text[3] or "", text[0])):
        identity = (singular, plural) if plural else singular
        before = kept.get(singular, context)
        translation = before.string if before else None
        if plural and not isinstance(translation, tuple):
            translation = ("", "")
        elif not plural and isinstance(translation, tuple):
            translation = translation[0]
        catalogue.add(identity, translation or "", locations=[(name, 0)], context=context)
    return catalogue


def written(catalogue: Catalog) -> str:
    """The catalogue as the text of its file."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=110, sort_output=True, include_lineno=False)
    return buffer.getvalue().decode("utf-8")


def faults(catalogue: Catalog) -> list[str]:
    """What a reader of English would stumble over."""
    found = []
    for message in _messages(catalogue):
        where = message.locations[0][0]
        if not _is_translated(message):
            found.append(f"{where}: no English for “{_first(message.id)}”")
        elif _placeholders(message.id) != _placeholders(message.string):
            found.append(f"{where}: placeholders differ in the English for “{_first(message.id)}”")
    return found


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _is_translated(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


def _first(value: object) -> str:
    return str(value[0]) if isinstance(value, tuple | list) else str(value)


def _placeholders(value: object) -> set[str]:
    parts = value if isinstance(value, tuple | list) else (value,)
    return {found for part in parts for found in _PLACEHOLDER.findall(str(part))}


def _texts() -> Iterator[tuple[str, str, str | None, str | None]]:
    """File, singular, plural and context of every text on the screen."""
    for name, source in _sources():
        yield from _of_python(name, source) if name.endswith(".py") else _of_template(name, source)


def _sources() -> Iterator[tuple[str, str]]:
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"} or "migrations" in path.parts:
            continue
        if path.suffix == ".py" or "templates" in path.parts:
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def _of_python(name: str, source: str) -> Iterator[tuple[str, str, str | None, str | None]]:
    """The texts of a module: in calls of the functions above, in templates of errors that have a name of their own, and
    the names in a machine's table of states."""
    for node in ast.walk(ast.parse(source, filename=name)):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == _TEMPLATE and _literal(node.value):
            yield name, str(_literal(node.value)), None, None
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in KEYWORDS:
            words = [_literal(node.args[place]) for place in KEYWORDS[called] if place < len(node.args)]
            context = words.pop(0) if "pgettext" in called else None
            if words and words[0]:  # a variable has no text here: it is named where it is made
                yield name, words[0], words[1] if len(words) > 1 else None, context
        elif called == "Machine":
            tables = [given.value for given in node.keywords if given.arg == "states"]
            for text in (_literal(value) for table in tables if isinstance(table, ast.Dict) for value in table.values):
                if text:
                    yield name, text, None, None


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _of_template(name: str, source: str) -> Iterator[tuple[str, str, str | None, str | None]]:
    """The texts of a template, which Django turns into something like a module of calls of gettext."""
    file = io.BytesIO(templatize(source, origin=name).encode("utf-8"))
    keywords = dict.fromkeys(KEYWORDS)
    for _line, function, found, _comments in extract_python(file, keywords, [], {"encoding": "utf-8"}):
        words = [found] if isinstance(found, str) else list(found)
        context = words.pop(0) if "pgettext" in str(function) else None
        if words and words[0]:
            yield name, words[0], words[1] if str(function).startswith(("ngettext", "npgettext")) else None, context


def _unnamed() -> Iterator[str]:
    """Errors whose sentence is put together where it is raised: no catalogue can hold it."""
    for name, source in _sources():
        for node in ast.walk(ast.parse(source)) if name.endswith(".py") else ():
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in _ERRORS and node.args:
                given = node.args[0].left if isinstance(node.args[0], ast.BinOp) else node.args[0]
                if isinstance(given, ast.JoinedStr) or (given is not node.args[0] and _literal(given)):
                    yield f"{name}:{node.lineno}: an error takes a template and values, not a sentence put together"


if __name__ == "__main__":
    sys.exit(main())
