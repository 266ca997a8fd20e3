"""Repositories from which descriptions of materials are harvested, and writing what was harvested."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from hieuhoc.foundation.jobs import selectors as running
from hieuhoc.foundation.jobs import services as jobs
from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.learning.models import Material, Repository, Topic
from hieuhoc.programme.learning.rules import kinds
from hieuhoc.programme.learning.rules import materials as rules
from hieuhoc.programme.learning.services.materials import folded_of
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission

if TYPE_CHECKING:
    from hieuhoc.foundation.jobs.models import Job
    from hieuhoc.registers.accounts.models import User

JOB = "learning.harvest"
EVERY = timedelta(days=1)


@dataclass(frozen=True)
class Record:
    """One record of another repository in Dublin Core; `words` are the values of each element, in their order."""

    identifier: str
    is_deleted: bool
    words: dict[str, list[str]]

    def all(self, name: str) -> list[str]:
        """The values of an element; none where it is missing."""
        return self.words.get(name, [])


@dataclass(frozen=True)
class Taken:
    """What became of the records of a harvest. Units: materials; `skipped` have no title or no address."""

    added: int = 0
    changed: int = 0
    gone: int = 0
    skipped: int = 0

    @property
    def all(self) -> int:
        """Everything that was read."""
        return self.added + self.changed + self.gone + self.skipped


@transaction.atomic
def add_repository(*, by: User, name: str, address: str, part: str = "") -> Repository:
    """Harvest from another repository from now on; `part` is one of its sets. Raises: Refused; Invalid with field."""
    access.require_of_a_province(by, Permission.MATERIAL_SHARE)
    row = Repository(name=name.strip(), address=address.strip(), part=part.strip())
    _check(row)
    row.save()
    trail.record(by=by, deed="learning.repository.add", what=row)
    return row


@transaction.atomic
def edit_repository(*, by: User, repository: Repository, name: str, address: str, part: str = "") -> Repository:
    """Change a repository; with another address or set, everything is read again. Raises: Refused; Invalid."""
    access.require_of_a_province(by, Permission.MATERIAL_SHARE)
    row = Repository.objects.select_for_update().get(pk=repository.pk)
    before = {column: getattr(row, column) for column in ("name", "address", "part")}
    row.name, row.address, row.part = name.strip(), address.strip(), part.strip()
    _check(row)
    changes = {column: [was, getattr(row, column)] for column, was in before.items() if was != getattr(row, column)}
    if "address" in changes or "part" in changes:
        row.harvested_to = row.tried_at = None
        row.trouble = ""
    if changes:
        row.save()
        trail.record(by=by, deed="learning.repository.edit", what=row, changes=changes)
    return row


@transaction.atomic
def set_active(*, by: User, repository: Repository, is_active: bool) -> Repository:
    """Stop harvesting from a repository, or start again; what is here stays. Raises: Refused, Conflict."""
    access.require_of_a_province(by, Permission.MATERIAL_SHARE)
    row = Repository.objects.select_for_update().get(pk=repository.pk)
    if row.is_active == is_active:
        raise Conflict("Kho này vừa được người khác dừng hoặc cho lấy lại.")
    row.is_active = is_active
    row.save(update_fields=["is_active"])
    trail.record(by=by, deed=f"learning.repository.{'start' if is_active else 'stop'}", what=row)
    return row


@transaction.atomic
def ask_harvest(*, by: User, repository: Repository) -> Job:
    """Harvest as a job of the one who asks; asked twice, it is one job.

    Raises: Refused; Invalid for a repository that is stopped; Conflict when somebody else's job is at it.
    """
    access.require_of_a_province(by, Permission.MATERIAL_SHARE)
    if not Repository.objects.select_for_update().filter(pk=repository.pk, is_active=True):
        raise Invalid("Kho này đang dừng. Hãy cho lấy lại rồi thử.")
    under_way = running.open_jobs(kind=JOB, parameters={"repository": repository.pk}).first()
    if under_way is None:
        return _queue(by, repository)
    if under_way.owner_key != by.actor_key:
        raise Conflict("Học liệu của kho này đang được lấy rồi; ít phút nữa sẽ có.")
    return under_way


def harvest_due() -> int:
    """Queue each repository that was not tried for a day; how many. May be called twice at once."""
    now = clock.now()
    late = Q(tried_at__isnull=True) | Q(tried_at__lt=now - EVERY)
    asked = 0
    for row in Repository.objects.filter(late, is_active=True).order_by("pk"):
        with transaction.atomic():
            # Whoever writes the time first queues it.
            if Repository.objects.filter(late, pk=row.pk, is_active=True).update(tried_at=now):
                _queue(trail.HOUSE, row)
                asked += 1
    return asked


def _queue(by: trail.Actor, repository: Repository) -> Job:
    title = f"Lấy học liệu từ {repository.name}"
    return jobs.queue(by=by, kind=JOB, title=title, parameters={"repository": repository.pk})


def _check(row: Repository) -> None:
    if not rules.is_web_address(row.address):
        raise Invalid("Địa chỉ phải bắt đầu bằng http:// hoặc https://.", field="address")
    if Repository.objects.filter(address=row.address).exclude(pk=row.pk).exists():
        raise Invalid("Kho có địa chỉ này đã có trong danh sách.", field="address")
    row.full_clean()


# ---- writing what was harvested ----------------------------------------------------------------------


@transaction.atomic
def take_records(*, repository: Repository, records: Sequence[Record], harvested_to: datetime | None) -> Taken:
    """Write a whole harvest: each record once by its identifier; where it was read up to, and that nothing went wrong.

    A later record of the same identifier goes before an earlier one. Raises: Conflict when the repository was changed
    while it was read.
    """
    row_now = Repository.objects.select_for_update().get(pk=repository.pk)
    if (row_now.address, row_now.part) != (repository.address, repository.part):
        raise Conflict("Kho này vừa được sửa trong khi lấy. Hãy lấy lại.")
    latest = {one.identifier: one for one in records}
    kept = {row.identifier: row for row in Material.objects.select_for_update().filter(repository=repository)}
    topics = {row.folded: row for row in Topic.objects.all()}
    now = clock.now().replace(microsecond=0)
    made: list[Material] = []
    changed: list[Material] = []
    gone = skipped = 0
    for identifier, record in latest.items():
        row = kept.get(identifier)
        if record.is_deleted:
            if row is not None and not row.is_gone:
                row.is_gone = row.is_withdrawn = True
                row.changed_at = now
                changed.append(row)
                gone += 1
            continue
        told = columns_of(record, topics)
        if told is None:
            skipped += 1
        elif row is None:
            made.append(Material(repository=repository, identifier=identifier, changed_at=now, **told))
        elif row.is_gone or any(getattr(row, name) != value for name, value in told.items()):
            _renew(row, told, now)
            changed.append(row)
    Material.objects.bulk_create(made, batch_size=500)
    columns = [*COLUMNS, "is_gone", "is_withdrawn", "changed_at", "edition"]
    Material.objects.bulk_update(changed, columns, batch_size=200)
    repository.harvested_to = harvested_to or repository.harvested_to
    repository.tried_at, repository.trouble = clock.now(), ""
    repository.save(update_fields=["harvested_to", "tried_at", "trouble"])
    taken = Taken(added=len(made), changed=len(changed) - gone, gone=gone, skipped=skipped)
    counts = {name: [0, number] for name, number in vars(taken).items() if number}
    if counts:
        trail.record(by=trail.HOUSE, deed="learning.repository.harvest", what=repository, changes=counts)
    return taken


def tell_trouble(*, repository: Repository, sentence: str) -> None:
    """Keep why the last harvest failed; nothing of it was written."""
    Repository.objects.filter(pk=repository.pk).update(trouble=sentence[:255], tried_at=clock.now())


COLUMNS = ("title", "folded", "author", "summary", "topic", "field", "language", "licence", "form", "url")
_MOST_SUMMARY = 4000


def columns_of(record: Record, topics: dict[str, Topic]) -> dict[str, object] | None:
    """What a record says of a material, in our columns; None where it has no title or leads nowhere."""
    title = next(iter(record.all("title")), "")[:255].strip()
    urls = [text for text in (*record.all("identifier"), *record.all("source")) if rules.is_web_address(text)]
    if not title or not urls:
        return None
    author = "; ".join(record.all("creator"))[:255].strip()
    topic = next((topics[fold(text)] for text in record.all("subject") if fold(text) in topics), None)
    return {
        "title": title,
        "folded": folded_of(title, author),
        "author": author,
        "summary": "\n".join(record.all("description"))[:_MOST_SUMMARY].strip(),
        "topic": topic,
        "field": topic.field if topic else rules.field_of(record.all("subject"), kinds.FIELDS),
        "language": rules.language_of(record.all("language")),
        "licence": rules.licence_of(record.all("rights")),
        "form": rules.form_of(record.all("type")),
        "url": urls[0],
    }


def _renew(row: Material, told: dict[str, object], now: datetime) -> None:
    for name, value in told.items():
        setattr(row, name, value)
    if row.is_gone:  # deleted once, and back again; what our own people have withdrawn stays withdrawn
        row.is_gone = row.is_withdrawn = False
    row.changed_at = now
    row.edition += 1
