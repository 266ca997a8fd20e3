"""Tags and filters of every template of the house (a builtin library: nothing to load)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField, CheckboxInput
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hieuhoc.foundation.ui.wording import period_words, say
from hieuhoc.kernel.vietnamese import write_date, write_number

register = template.Library()
register.filter("say", say)  # {{ error|say }}: the sentence of an error in the reader's language
register.filter("period_words", period_words)  # {{ period|period_words }}: "quý IV/2020"

Number = int | float | Decimal


def _day(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value


# ---- filters: how a value is written -------------------------------------------------------------


@register.filter
def vn_date(value: date | datetime | None) -> str:
    """A day on screen; nothing for no day.

    Example:
        >>> vn_date(date(2026, 9, 5)), vn_date(None)
        ('05/09/2026', '')
    """
    return write_date(_day(value)) if value else ""


@register.filter
def vn_datetime(value: datetime | None) -> str:
    """An instant on screen, in local time: 05/09/2026 14:30.

    Example:
        >>> vn_datetime(datetime(2026, 9, 5, 14, 30))
        '05/09/2026 14:30'
    """
    if not value:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local:%d/%m/%Y %H:%M}"


@register.filter
def vn_weekday(value: date | datetime | None) -> str:
    """A day with its name: Thứ Hai, 16/11/2020."""
    if not value:
        return ""
    names = [_("Thứ Hai"), _("Thứ Ba"), _("Thứ Tư"), _("Thứ Năm"), _("Thứ Sáu"), _("Thứ Bảy"), _("Chủ nhật")]
    return f"{names[_day(value).weekday()]}, {write_date(_day(value))}"


@register.filter
def vn_number(value: Number | None, places: int | str | None = None) -> str:
    """A number on screen; an unknown one is a dash, for unknown is not zero.

    Units: `places` decimals; the value's own where a template knows none.

    Example:
        >>> vn_number(1234567), vn_number(Decimal("1234.5")), vn_number(None), vn_number(2 / 3, 1)
        ('1.234.567', '1.234,5', '–', '0,7')
    """
    if value is None or value == "":
        return "–"
    return write_number(value, places=places if isinstance(places, int) else None)


@register.filter
def percent_of(part: Number | None, whole: Number | None) -> str:
    """How much of the whole a part is, for the eye only.

    Example:
        >>> percent_of(1, 3), percent_of(0, 0), percent_of(15, 15)
        ('33,3 %', '–', '100 %')
    """
    if part is None or not whole:
        return "–"
    written = write_number(100 * float(part) / float(whole), places=1)
    return f"{written.removesuffix(',0')} %"


@register.filter
def days_between(start: date | datetime | None, end: date | datetime | None) -> int | None:
    """Units: days from `start` to `end`, negative when `end` comes first; None when either is unknown.

    Example:
        >>> days_between(date(2020, 11, 16), date(2020, 11, 4))
        -12
    """
    return (_day(end) - _day(start)).days if start and end else None


@register.filter
def due_words(due: date | None, today: date) -> str:
    """How far away a due day is, in words: Trễ 12 ngày, Hạn hôm nay, Còn 5 ngày."""
    days = days_between(today, due)
    if days is None:
        return _("Không có hạn")
    if days < 0:
        return ngettext("Trễ %(days)d ngày", "Trễ %(days)d ngày", -days) % {"days": -days}
    if days == 0:
        return _("Hạn hôm nay")
    return ngettext("Còn %(days)d ngày", "Còn %(days)d ngày", days) % {"days": days}


@register.filter
def lasting(seconds: int | None) -> str:
    """How long something took, in the largest whole unit: "3 ngày", "5 giờ", "chưa đầy một giờ"."""
    if seconds is None:
        return "–"
    if seconds >= 86400:
        return _("%(count)s ngày") % {"count": seconds // 86400}
    if seconds >= 3600:
        return _("%(count)s giờ") % {"count": seconds // 3600}
    return _("chưa đầy một giờ")


@register.filter
def file_size(octets: int | None) -> str:
    """Units: octets in, B, kB or MB out.

    Example:
        >>> file_size(900), file_size(45_000), file_size(2_500_000), file_size(None)
        ('900 B', '45 kB', '2,5 MB', '')
    """
    if octets is None:
        return ""
    if octets < 1000:
        return f"{octets} B"
    if octets < 1_000_000:
        return f"{octets // 1000} kB"
    return f"{write_number(octets / 1_000_000, places=1)} MB"


@register.filter
def unlocalized(value: Number) -> str:
    """A number for a machine to read, in an attribute.

    Example:
        >>> unlocalized(1234.5)
        '1234.5'
    """
    return str(value)


@register.filter
def at(values: Sequence[Any], place: int) -> Any:
    """The value at a place, or nothing beyond the end.

    Example:
        >>> at(["a", "b"], 1), at(["a"], 5)
        ('b', None)
    """
    return values[place] if 0 <= place < len(values) else None


@register.filter
def key(values: Mapping[str, Any] | None, name: str) -> Any:
    """The value under a key; nothing where there is none.

    Example:
        >>> key({"label": "Xã A"}, "label"), key(None, "label")
        ('Xã A', None)
    """
    return values.get(name) if values else None


@register.filter
def page_numbers(page: Page[Any]) -> Iterator[str | int]:
    """The numbers a pager shows: the ends, the neighbours, and … between."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


# ---- tags ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _icon(name: str) -> SafeString:
    drawing = render_to_string(f"ui/icons/{name}.html")
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">{}</svg>',
        drawing,
    )


@register.simple_tag
def icon(name: str) -> SafeString:
    """A small drawing beside a word, hidden from screen readers. Names: the files of ui/icons/."""
    return _icon(name) if name else SafeString("")


@register.simple_block_tag(takes_context=True, end_name="endcomponent")
def component(context: template.Context, content: str, name: str, **values: Any) -> SafeString:
    """A component around a body: {% component "card" title="…" %} … {% endcomponent %}.

    The component sees only the values given and `content`, as an include with `only` does.
    """
    found = template.Engine.get_default().get_template(f"ui/components/{name}.html")
    return found.render(context.new({**values, "content": content}))


@register.simple_tag(takes_context=True)
def csrf_field(context: template.RequestContext) -> SafeString:
    """The hidden token of a form that posts. Unlike csrf_token it also works inside `include … only`."""
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(context.request))


@register.simple_tag(takes_context=True)
def query_string(context: template.RequestContext, **changes: Any) -> str:
    """The present query with some parameters set, or taken away where None is given: ?q=…&page=2."""
    query = context.request.GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        elif isinstance(value, (list, tuple)):
            query.setlist(name, [str(each) for each in value])
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.inclusion_tag("ui/components/sort_header.html", takes_context=True)
def sort_header(
    context: template.RequestContext, key: str, label: str, *, number: bool = False, default: str = ""
) -> dict[str, Any]:
    """A column heading that sorts by ?sort=key, and by ?sort=-key when pressed again.

    `default` is the order of the page when the address names none.
    """
    query = context.request.GET.copy()
    current = query.get("sort") or default
    direction = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    query["sort"] = f"-{key}" if direction == "ascending" else key
    query.pop("page", None)
    return {"label": label, "direction": direction, "number": number, "url": f"?{query.urlencode()}"}


@register.inclusion_tag("ui/components/field.html")
def field(
    bound: BoundField, *, label: str = "", help: str = "", wide: bool = False, optional: bool | None = None
) -> dict[str, Any]:
    """A form field with its label, help and errors, wired for screen readers; the first wrong one gets the cursor.

    `optional` where it hangs on another field whether this one is needed: then the label does not call it optional.
    """
    form = bound.form
    attrs: dict[str, Any] = {}
    if form.errors and next((name for name in form.fields if name in form.errors), "") == bound.name:
        attrs["autofocus"] = True
    if help and not bound.use_fieldset:
        attrs["aria-describedby"] = f"{bound.auto_id}_helptext" + (f" {bound.auto_id}_error" if bound.errors else "")
    return {
        "control": bound.as_widget(attrs=attrs),
        "bound": bound,
        "id": bound.id_for_label,
        "base_id": bound.auto_id,
        "label": label or bound.label,
        "help": help or bound.help_text,
        "errors": bound.errors,
        "optional": not bound.field.required if optional is None else optional,
        "is_group": bound.use_fieldset,
        "is_check": isinstance(bound.field.widget, CheckboxInput),
        "is_hidden": bound.is_hidden,
        "wide": wide,
    }
