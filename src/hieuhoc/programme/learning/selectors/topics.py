"""The topics on which people learn."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, QuerySet

from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.learning.models import Topic


def topics_on(day: date) -> QuerySet[Topic]:
    """The topics that are offered on a day, by field."""
    found: QuerySet[Topic] = Topic.objects.on(day)
    return found


def find_topics(*, text: str = "", field: str = "", on: date | None = None) -> QuerySet[Topic]:
    """The catalogue, narrowed down by words and field; with a day, only what is offered then."""
    rows: QuerySet[Topic] = topics_on(on) if on else Topic.objects.all()
    if field:
        rows = rows.filter(field=field)
    for word in fold(text).split():
        rows = rows.filter(folded__contains=word)
    return rows.annotate(held=Count("activities")).order_by("field", "name")


def topic_by_code(code: str) -> Topic:
    """One topic. Raises: Missing."""
    found: Topic | None = Topic.objects.filter(code=code).first()
    if found is None:
        raise Missing("Không có chủ đề này trong danh mục.")
    return found
