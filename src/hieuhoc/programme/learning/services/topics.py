"""The catalogue of topics: what ships, and what the lead department adds, changes and ends."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from django.db import transaction

from hieuhoc.foundation.records import trail
from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.learning.models import Topic
from hieuhoc.programme.learning.rules import kinds
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "topics.yaml"
_TOLD = ("name", "field", "source", "tags", "valid_from")


@transaction.atomic
def load_topics(path: Path = SHIPPED) -> list[str]:
    """Add the topics that ship and are not there yet, by code; what people have changed stays theirs."""
    known = set(Topic.objects.values_list("code", flat=True))
    told: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    made = [
        Topic(
            code=one["code"],
            name=one["name"],
            folded=fold(one["name"]),
            field=one["field"],
            source=one["source"],
            valid_from=one["from"],
        )
        for one in told
        if one["code"] not in known
    ]
    for topic in made:
        topic.full_clean()
        topic.save()
    trail.record_many(by=trail.HOUSE, deeds=[trail.Deed("learning.topic.load", topic) for topic in made])
    return [topic.code for topic in made]


@transaction.atomic
def add_topic(
    *, by: User, code: str, name: str, field: str, valid_from: date, source: str = "", tags: str = ""
) -> Topic:
    """Add a topic to the catalogue. Raises: Refused; Invalid with the field."""
    access.require_somewhere(by, Permission.CATALOGUE_EDIT)
    if Topic.objects.filter(code=code).exists():
        raise Invalid("Mã “{code}” đã có chủ đề khác dùng.", field="code", code=code)
    _check(name=name, field=field)
    topic = Topic(
        code=code, name=name.strip(), folded=fold(name), field=field, valid_from=valid_from, source=source, tags=tags
    )
    topic.full_clean()
    topic.save()
    trail.record(by=by, deed="learning.topic.add", what=topic)
    return topic


@transaction.atomic
def edit_topic(*, by: User, topic: Topic, **columns: Any) -> Topic:
    """Change what a topic is called or where it belongs; `columns` are name, field, source, tags, valid_from.

    Raises: Refused; Invalid with the field.
    """
    access.require_somewhere(by, Permission.CATALOGUE_EDIT)
    topic = Topic.objects.select_for_update().get(pk=topic.pk)
    _check(name=columns.get("name", topic.name), field=columns.get("field", topic.field))
    before = {name: getattr(topic, name) for name in _TOLD}
    for name, value in columns.items():
        setattr(topic, name, value)
    topic.folded = fold(topic.name)
    topic.full_clean()
    topic.save()
    changes = {
        name: [str(was), str(getattr(topic, name))] for name, was in before.items() if was != getattr(topic, name)
    }
    if changes:
        trail.record(by=by, deed="learning.topic.edit", what=topic, changes=changes)
    return topic


@transaction.atomic
def end_topic(*, by: User, topic: Topic, on: date) -> Topic:
    """Offer a topic no more from a day on; what was held on it stays. Raises: Refused; Invalid (field `valid_to`)."""
    access.require_somewhere(by, Permission.CATALOGUE_EDIT)
    topic = Topic.objects.select_for_update().get(pk=topic.pk)
    if on <= topic.valid_from:
        raise Invalid("Ngày thôi dùng phải sau ngày bắt đầu dùng.", field="valid_to")
    topic.valid_to = on
    topic.save(update_fields=["valid_to"])
    trail.record(by=by, deed="learning.topic.end", what=topic, changes={"valid_to": [None, on.isoformat()]})
    return topic


def _check(*, name: str, field: str) -> None:
    if not name.strip():
        raise Invalid("Hãy ghi tên chủ đề.", field="name")
    if field not in kinds.FIELDS:
        raise Invalid("Hãy chọn lĩnh vực.", field="field")
