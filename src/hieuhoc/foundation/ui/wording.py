"""The edge at which the house's own words, written in Vietnamese in code that knows no other, are put into the
reader's language: the sentences of errors, and the names in tables of rules and states.
"""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from hieuhoc.kernel.errors import HouseError
from hieuhoc.kernel.terms import Term


def say(error: HouseError) -> str:
    """The sentence of an error in the reader's language.

    Only the template and such values as are words of the house are looked up; what a user typed stays as it is.
    """
    template = in_words(error.template)
    if not error.values:
        return template
    return template.format(**{name: _value(value) for name, value in error.values.items()})


def in_words(term: str) -> str:
    """A word of the house in the reader's language; itself where the catalogue has none."""
    return gettext(term) if term else ""


def choices(named: Iterable[tuple[str, str]]) -> list[tuple[str, Promise]]:
    """The values and names of a table of the house, each name in the language of whoever reads it then."""
    return [(value, gettext_lazy(name)) for value, name in named]


def _value(value: object) -> object:
    if isinstance(value, HouseError):
        return say(value)  # one reason within another sentence
    return in_words(value) if isinstance(value, Term) else value
