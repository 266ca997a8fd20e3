"""The demonstration's library of materials: invented, each marked as such; links lead to a domain kept for examples."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from hieuhoc.foundation.records import attachments, clock
from hieuhoc.programme.learning.models import Activity, Material, MaterialUse, Topic
from hieuhoc.programme.learning.services.materials import folded_of
from hieuhoc.project.demonstration import words
from hieuhoc.project.demonstration.cast import LEAD, PLACE
from hieuhoc.project.demonstration.learning import INVENTED, LIVE
from hieuhoc.registers.places import selectors as places

# A form, a licence and a language for each, in turn; those with a file come first.
SHAPES = (
    ("text", "cc-by", "vi"),
    ("exercise", "cc-by-sa", "vi"),
    ("text", "permitted", "km"),
    ("video", "cc-by-nc", "vi"),
    ("audio", "cc0", "km"),
    ("slides", "reserved", "vi"),
)
WITH_FILES = frozenset({"text", "exercise"})
NUMBER, MOST_USES = 30, 40
HOME = f"{LIVE}-{PLACE}"
FIRST_DAY = date(2020, 3, 2)


def fill() -> None:
    """Invent some thirty materials on the topics of the classes, and say which classes used them."""
    units = [places.unit_by_key(LEAD), places.unit_by_key(HOME)]
    rows = [_material(place, topic, title) for place, (topic, title) in enumerate(_titles())]
    for place, row in enumerate(rows):
        row.unit = units[place % len(units)]
    made = Material.objects.bulk_create(rows)
    uses = [MaterialUse(material=row, activity_id=pk) for place, row in enumerate(made) for pk in _used(row, place)]
    MaterialUse.objects.bulk_create(uses, batch_size=500)


def _titles() -> Iterator[tuple[Topic, str]]:
    """Topics with one of their titles each, round and round until there are enough."""
    topics = sorted(Topic.objects.filter(code__in=words.TITLES), key=lambda topic: topic.code)
    found = 0
    for turn in range(NUMBER):
        for topic in topics:
            titles = words.TITLES[topic.code]
            if turn < len(titles) and found < NUMBER:
                found += 1
                yield topic, titles[turn]


def _material(place: int, topic: Topic, title: str) -> Material:
    form, licence, language = SHAPES[place % len(SHAPES)]
    moment = timezone.make_aware(datetime.combine(FIRST_DAY + timedelta(days=8 * place), time(9, 30)))
    name, author = f"{title} – tài liệu phát tay" if form in WITH_FILES else title, "Nhóm biên soạn trình diễn"
    row = Material(
        title=name,
        folded=folded_of(name, author),
        author=author,
        summary=f"Dùng trong lớp, chuyên đề về “{topic.name}”. Học liệu trình diễn, không có thật. {INVENTED}",
        topic=topic,
        field=topic.field,
        language=language,
        licence=licence,
        form=form,
        changed_at=moment,
    )
    if form in WITH_FILES:
        with clock.pinned(moment):
            content = f"{name}\n\nTệp trình diễn, không có nội dung thật. {INVENTED}\n"
            row.file = attachments.keep(content=content.encode(), name=f"{topic.code}-{place + 1}.txt")
    else:
        row.url = f"https://example.org/hoc-lieu/{place + 1}"
    return row


def _used(row: Material, place: int) -> list[int]:
    """Activities on its topic that were held: fewer of each next material."""
    held = Activity.objects.filter(topic=row.topic, held_on__isnull=False).order_by("-held_on", "pk")
    most = max(1, MOST_USES - place)
    # Those of the live commune first, so that its director sees the classes too.
    own = list(held.filter(unit__key=HOME).values_list("pk", flat=True)[: most // 4 + 1])
    return own + list(held.exclude(unit__key=HOME).values_list("pk", flat=True)[: most - len(own)])
