"""The edge at which the house's own words, written in Vietnamese in code that knows no other, are put into the
reader's language: the sentences of errors, and the names in tables of rules and states.
"""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _

from hieuhoc.kernel.errors import HouseError
from hieuhoc.kernel.periods import Calendar, Period, Rhythm
from hieuhoc.kernel.terms import Term
from hieuhoc.kernel.vietnamese import write_date


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


def capital_choices(named: Iterable[tuple[str, str | Promise]]) -> list[tuple[str, str | Promise]]:
    """The same for the lists of a form, where each name stands alone and begins with a capital."""
    return [(value, capfirst(gettext_lazy(str(name)))) for value, name in named]


def period_words(period: Period) -> str:
    """A period as it is said in the reader's language; in Vietnamese the period's own name."""
    if period.calendar is Calendar.OWN:
        return _("từ %(first)s đến %(last)s") % {"first": write_date(period.first), "last": write_date(period.last)}
    if period.rhythm is Rhythm.MONTH:
        return _("tháng %(month)s/%(year)s") % {"month": period.last.month, "year": period.last.year}
    year = _year_words(period)
    if period.rhythm is Rhythm.YEAR:
        return year
    if period.rhythm is Rhythm.QUARTER:
        number = ("I", "II", "III", "IV")[period.turn - 1]
        if period.calendar in (Calendar.CIVIL, Calendar.CLOSING):
            return _("quý %(number)s/%(year)s") % {"number": number, "year": period.year}
        return _("quý %(number)s %(of_year)s") % {"number": number, "of_year": year}
    half = _("6 tháng đầu %(of_year)s") if period.turn == 1 else _("6 tháng cuối %(of_year)s")
    return half % {"of_year": year}


def _year_words(period: Period) -> str:
    if period.calendar is Calendar.LITERACY:
        return _("năm phổ cập, xóa mù chữ %(year)s") % {"year": period.year}
    if period.calendar is Calendar.SCHOOL:
        return _("năm học %(first)s–%(last)s") % {"first": period.year - 1, "last": period.year}
    return _("năm %(year)s") % {"year": period.year}


def _value(value: object) -> object:
    if isinstance(value, HouseError):
        return say(value)  # one reason within another sentence
    if isinstance(value, Period):
        return period_words(value)
    return in_words(value) if isinstance(value, Term) else value
