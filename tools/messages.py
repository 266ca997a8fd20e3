"""Keep the English catalogue in step with the screen text, which is written in Vietnamese in the source.

python tools/messages.py            renew src/hieuhoc/locale/en/LC_MESSAGES/django.po, keeping what is translated
python tools/messages.py --check    fail when it is not renewed, or a text has no translation
"""

import argparse
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
# Where each function has its text: None, or the places of context, singular and plural.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
_ONE_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # the file changes when its texts do, not with the clock


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail when something is missing")
    checks = parser.parse_args().check
    catalogue = renewed()
    text = written(catalogue)
    problems = faults(catalogue)
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
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"} or "migrations" in path.parts:
            continue
        if path.suffix != ".py" and "templates" not in path.parts:
            continue
        name = path.relative_to(ROOT).as_posix()
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            source = templatize(source, origin=name)
        yield from _of_python(name, source)


def _of_python(name: str, source: str) -> Iterator[tuple[str, str, str | None, str | None]]:
    file = io.BytesIO(source.encode("utf-8"))
    for _line, function, found, _comments in extract_python(file, KEYWORDS, [], {"encoding": "utf-8"}):
        if not found:
            continue  # a variable: its text is named where it is made
        words = [found] if isinstance(found, str) else list(found)
        name_of_call = str(function)
        context = words.pop(0) if "pgettext" in name_of_call else None
        singular = words[0] if words else None
        plural = words[1] if name_of_call.startswith(("ngettext", "npgettext")) else None
        if singular:
            yield name, singular, plural, context


if __name__ == "__main__":
    sys.exit(main())
