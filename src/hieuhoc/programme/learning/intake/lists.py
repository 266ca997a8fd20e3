"""A list of learners from a workbook: read whole, judged cell by cell, taken in only when a human accepts it.

The file waits for that outside the database for a day at most: it may hold identity numbers, which the house keeps
nowhere. Whatever is accepted is taken in whole or not at all.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from hieuhoc.foundation.jobs.models import Job
from hieuhoc.foundation.jobs.working import Item, Progress
from hieuhoc.foundation.records import attachments, clock, trail
from hieuhoc.foundation.ui.wording import in_words, say
from hieuhoc.kernel.errors import Conflict, Invalid, Missing
from hieuhoc.kernel.terms import Term
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.learning import access
from hieuhoc.programme.learning.intake.rows import MEGABYTES, Line, Wrong, read_day, read_rows
from hieuhoc.programme.learning.models import Activity
from hieuhoc.programme.learning.rules import lists as rules
from hieuhoc.programme.learning.services import enrolments
from hieuhoc.registers.accounts import selectors as accounts
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.people import rules as people_rules
from hieuhoc.registers.people import selectors as people
from hieuhoc.registers.people.models import Person
from hieuhoc.registers.people.services import About, note_people
from hieuhoc.registers.places.models import Unit

FOLDER = "lists"
KEPT_HOURS = 24
LONG = 1_000  # rows from which a list is taken in by a job
_WHOLE_ROW = Term("cả dòng")


@dataclass(frozen=True)
class Ready:
    """A row that can be taken in, the one it certainly is, and those it may be."""

    line: Line
    about: About
    certain: Person | None = None
    perhaps: tuple[Person, ...] = ()


@dataclass
class Checked:
    """What a list says: its rows that are right, and every cell that is wrong."""

    ready: list[Ready] = field(default_factory=list)
    wrongs: list[Wrong] = field(default_factory=list)
    rows: int = 0

    @property
    def asked(self) -> list[Ready]:
        """The rows about which a human must say whether they are somebody known."""
        return [one for one in self.ready if one.perhaps]

    @property
    def wrong_rows(self) -> int:
        """How many rows are not right."""
        return self.rows - len(self.ready)


# ---- the file while it waits -------------------------------------------------------------------------


def keep(*, by: User, activity: Activity, content: bytes, name: str) -> str:
    """Keep a list until it is accepted; the token by which only `by` finds it again.

    Raises: Invalid (field `file`) when it is no workbook; Refused, Missing.
    """
    access.require_with(by, Permission.ACTIVITY_RUN, activity)
    attachments.check(content=content, name=name, allowed={"xlsx"}, megabytes=MEGABYTES)
    sweep()
    token = secrets.token_hex(16)
    default_storage.save(_path(by, activity, token), ContentFile(content))
    return token


def kept(*, by: User, activity: Activity, token: str) -> bytes:
    """The content of a list that waits. Raises: Missing when it has gone."""
    path = _path(by, activity, token)
    if not token.isalnum() or not default_storage.exists(path):
        raise Missing("Danh sách này không còn chờ nữa. Hãy tải tệp lên lại.")
    with default_storage.open(path) as file:
        return bytes(file.read())


def drop(*, by: User, activity: Activity, token: str) -> None:
    """Forget a list that waits."""
    if token.isalnum():
        default_storage.delete(_path(by, activity, token))


def sweep(*, now: datetime | None = None) -> int:
    """Forget the lists that have waited too long; how many there were."""
    oldest = (now or timezone.now()) - timedelta(hours=KEPT_HOURS)
    gone = 0
    if default_storage.exists(FOLDER):
        for name in default_storage.listdir(FOLDER)[1]:
            if default_storage.get_modified_time(f"{FOLDER}/{name}") < oldest:
                default_storage.delete(f"{FOLDER}/{name}")
                gone += 1
    return gone


def _path(by: User, activity: Activity, token: str) -> str:
    return f"{FOLDER}/{activity.pk}-{by.pk}-{token}.xlsx"


# ---- reading -----------------------------------------------------------------------------------------


def check(*, activity: Activity, content: bytes, name: str) -> Checked:
    """Read a list and judge it; nothing is written. Raises: Invalid (field `file`) when it cannot be read at all."""
    lines = read_rows(content=content, name=name, headings=rules.COLUMNS, needed=rules.NEEDED, most=rules.MOST_ROWS)
    found, places = Checked(rows=len(lines)), _places_near(activity)
    right: list[tuple[Line, About]] = []
    before: dict[tuple[Any, ...], int] = {}
    for line in lines:
        about, wrongs = _read(line, places)
        wrongs = wrongs or _repeated(line, about, before)
        if wrongs:
            found.wrongs += [_wrong(line, problem) for problem in wrongs]
        else:
            right.append((line, about))
    sayings = [
        people.said(name=about.name, birth_year=about.birth_year, unit=about.unit, identity=about.identity)
        for _line, about in right
    ]
    for (line, about), same in zip(right, people.find_same_many(sayings), strict=True):
        found.ready.append(Ready(line, about, same.certain, tuple(same.perhaps)))
    if len(found.asked) > rules.MOST_ASKED:
        sentence = "Có {count} dòng có thể trùng người đã có trong sổ; mỗi lần xem được {most}. Hãy chia nhỏ danh sách."
        raise Invalid(sentence, field="file", count=len(found.asked), most=rules.MOST_ASKED)
    return found


def _wrong(line: Line, problem: Invalid) -> Wrong:
    column = in_words(rules.COLUMNS.get(problem.field, _WHOLE_ROW))
    return Wrong(line.sheet, line.number, column, say(problem))


def _places_near(activity: Activity) -> dict[str, Unit | None]:
    """The communes around an activity and their hamlets, by name without marks; None for a name that two have."""
    commune = activity.unit
    above = commune.parent or commune
    found: dict[str, Unit | None] = {}
    standing = Unit.objects.filter(valid_to=None, level__in=("commune", "hamlet"), path__startswith=above.path)
    for unit in standing.select_related("parent"):
        own = unit.level == "commune" or unit.parent_id == commune.pk
        names = [unit.name, f"{unit.name}, {unit.parent.name}" if unit.parent else unit.name]
        for name in [*names, unit.short_name] if own else names[1:]:
            key = fold(name)
            found[key] = unit if key not in found or found[key] == unit else None
    return found


def _read(line: Line, places: Mapping[str, Unit | None]) -> tuple[About, list[Invalid]]:
    """What a row says, and all that is wrong with it."""
    cells, wrongs = line.cells, []
    readers: dict[str, Callable[[str], Any]] = {
        "name": people_rules.name_of,
        "birth_year": rules.year_of,
        "birth_on": lambda text: read_day(text, "birth_on"),
        "sex": rules.sex_of,
        "phone": rules.phone_in,
        "unit": lambda text: _place(text, places),
        "identity": people_rules.identity_of,
        "ethnicity": rules.ethnicity_of,
    }
    told: dict[str, Any] = {}
    for column, read in readers.items():
        try:
            told[column] = read(cells.get(column, ""))
        except Invalid as problem:
            wrongs.append(problem)
            told[column] = None if column in ("birth_year", "birth_on", "unit") else ""
    try:
        told["birth_year"] = people_rules.birth_of(told["birth_year"], told["birth_on"], on=clock.today())
    except Invalid as problem:
        wrongs.append(problem)
    return About(**told), wrongs


def _place(text: str, places: Mapping[str, Unit | None]) -> Unit | None:
    if not text:
        return None
    key = fold(text)
    if key not in places:
        raise Invalid(
            "Không thấy “{place}” trong huyện. Hãy ghi tên ấp, khu phố hoặc xã.", field="unit", place=text[:60]
        )
    if places[key] is None:
        raise Invalid("Có nhiều nơi tên “{place}”. Hãy ghi thêm tên xã, sau dấu phẩy.", field="unit", place=text[:60])
    return places[key]


def _repeated(line: Line, about: About, before: dict[tuple[Any, ...], int]) -> list[Invalid]:
    """That a row says the same person as one above it."""
    keys: list[tuple[Any, ...]] = [("identity", about.identity)] if about.identity else []
    keys.append((fold(about.name), about.birth_year, about.birth_on, about.unit, about.phone))
    for key in keys:
        if key in before:
            return [
                Invalid("Trùng với dòng {row}.", field="identity" if key[0] == "identity" else "name", row=before[key])
            ]
    before.update(dict.fromkeys(keys, line.number))
    return []


# ---- taking in ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Done:
    """What became of a list. Units: people."""

    enrolled: int
    waiting: int
    there: int
    new: int


def take_in(
    *, by: User, activity: Activity, checked: Checked, choices: Mapping[int, int | None], only_right: bool
) -> Done:
    """Take a list in, all of its right rows or none. `choices` says for a row's number whom it is; None: nobody known.

    Raises: Conflict with wrong rows that were not given up, or with a choice that is not among those shown;
        Refused, Missing.
    """
    access.require_with(by, Permission.ACTIVITY_RUN, activity)
    if checked.wrongs and not only_right:
        raise Conflict("Danh sách còn dòng sai nên chưa nhập gì.")
    fresh = [one for one in checked.ready if _known(one, choices) is None]
    with transaction.atomic(), trail.gathered():
        made = iter(note_people(by=by, people=[one.about for one in fresh]))
        everybody = [_known(one, choices) or next(made) for one in checked.ready]
        enrolled, waiting, there = enrolments.enrol_many(by=by, activity=activity, people=everybody)
    return Done(enrolled, waiting, there, len(fresh))


def _known(one: Ready, choices: Mapping[int, int | None]) -> Person | None:
    if one.certain is not None:
        return one.certain
    chosen = choices.get(one.line.number)
    if chosen is None:
        return None
    found = next((person for person in one.perhaps if person.pk == chosen), None)
    if found is None:
        raise Conflict("Sổ người học vừa thay đổi. Hãy tải tệp lên lại.")
    return found


def choices_of(pairs: Iterable[Sequence[str]]) -> dict[int, int | None]:
    """Choices as a page or a job has them: the number of a row, and that of a person or nothing."""
    return {int(row): int(person) if person else None for row, person in pairs}


def take_in_list(job: Job, progress: Progress) -> None:
    """A long list as a job. Parameters: activity (row number), token, choices (pairs), only_right."""
    if "list" in progress.finished:
        return
    user = accounts.user_by_actor_key(job.owner_key)
    given = job.parameters
    activity = Activity.objects.select_related("provider__unit", "unit__parent").get(pk=given["activity"])
    content = kept(by=user, activity=activity, token=given["token"])
    checked = check(activity=activity, content=content, name="list.xlsx")
    with transaction.atomic():
        done = take_in(
            by=user,
            activity=activity,
            checked=checked,
            choices=choices_of(given["choices"]),
            only_right=given["only_right"],
        )
        total = len(checked.ready)
        progress.step(total, total, Item("list", ok=True, message=told(done), url=given["url"]))
    drop(by=user, activity=activity, token=given["token"])


def told(done: Done) -> str:
    """What became of a list, in a sentence."""
    sentence = in_words(
        Term("{enrolled} người vào lớp, {waiting} người chờ, {there} người đã có trong lớp; {new} người mới vào sổ.")
    )
    return sentence.format(enrolled=done.enrolled, waiting=done.waiting, there=done.there, new=done.new)
