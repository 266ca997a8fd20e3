"""The trail in the database: written in order, read newest first, and proved against every kind of meddling."""

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from hieuhoc.foundation.records import attachments, chain, clock, trail
from hieuhoc.foundation.records.models import Attachment, Entry, TrailHead
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.kernel.states import Machine, Move

pytestmark = pytest.mark.django_db

# Any row with a column of text will do for a thing that moves.
LAMP = Machine(
    "lamp",
    start="off",
    states={"off": "Tắt", "on": "Bật"},
    moves={"light": Move(("off",), "on"), "quench": Move(("on",), "off", reason=True)},
)


@pytest.fixture
def thing() -> Attachment:
    kept = attachments.keep(content=b"Bien ban", name="bien-ban.txt")
    kept.kind = "off"
    kept.save()
    return kept


def write(thing: Attachment, count: int = 6) -> None:
    for number in range(count):
        trail.record(by=trail.HOUSE, deed="lamp.look", what=thing, why=f"Lần {number}.", changes={"n": [None, number]})


# ---- writing ---------------------------------------------------------------------------------------


def test_a_line_says_who_did_what_to_which_thing_when_and_why(thing: Attachment) -> None:
    at = datetime(2020, 11, 16, 1, 2, 3, 456789, tzinfo=UTC)
    entry = trail.record(
        by=trail.HOUSE, deed="lamp.look", what=thing, why="Để xem.", changes={"kind": ["a", "b"]}, at=at
    )
    kept = Entry.objects.get(number=entry.number)
    assert (kept.actor, kept.actor_name, kept.deed, kept.why) == ("house", "Hệ thống", "lamp.look", "Để xem.")
    assert (kept.subject_type, kept.subject_key, kept.subject_name) == (
        "records.attachment",
        str(thing.pk),
        "bien-ban.txt",
    )
    assert (kept.at, kept.changes) == (at, {"kind": ["a", "b"]})


def test_history_is_read_newest_first_and_of_one_thing_only(thing: Attachment) -> None:
    other = attachments.keep(content=b"Khac", name="khac.txt")
    trail.record(by=trail.HOUSE, deed="lamp.light", what=thing)
    trail.record(by=trail.HOUSE, deed="lamp.light", what=other)
    trail.record(by=trail.HOUSE, deed="lamp.quench", what=thing)
    assert [entry.deed for entry in trail.history(thing)] == ["lamp.quench", "lamp.light"]


def test_many_lines_are_written_with_as_many_queries_as_one(thing: Attachment) -> None:
    trail.record(by=trail.HOUSE, deed="lamp.look", what=thing)
    with CaptureQueriesContext(connection) as one:
        trail.record(by=trail.HOUSE, deed="lamp.look", what=thing)
    with CaptureQueriesContext(connection) as many:
        trail.record_many(by=trail.HOUSE, deeds=[trail.Deed("lamp.look", thing) for _ in range(40)])
    assert (len(one), len(many)) == (3, 3)
    assert trail.verify() is None


def test_no_deed_writes_no_line(thing: Attachment) -> None:
    assert trail.record_many(by=trail.HOUSE, deeds=[]) == []
    assert Entry.objects.count() == 0


def test_the_moment_is_kept_whatever_zone_it_was_given_in(thing: Attachment) -> None:
    vietnam = timezone(timedelta(hours=7))
    trail.record(by=trail.HOUSE, deed="lamp.look", what=thing, at=datetime(2020, 11, 16, 23, 59, 59, 1, tzinfo=vietnam))
    assert trail.verify() is None
    assert Entry.objects.get().at == datetime(2020, 11, 16, 16, 59, 59, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "changes",
    [
        {"số": [1, 2.0], "tỷ lệ": [0.1, 1e16], "nhỏ": 1e-7, "âm": -0.0},
        {"khóa": {2: "hai", 10: "mười"}},
        {"dấu": ['"', "\\", "đ", "\u2028", "😀", "<b>"]},
        {"sâu": [{"b": 1, "a": [None, True, {"y": [], "x": {}}]}]},
        {"lớn": [2**62, -(10**20)]},
    ],
)
def test_what_the_database_gives_back_has_the_digest_of_what_was_written(
    thing: Attachment, changes: dict[str, Any]
) -> None:
    trail.record(by=trail.HOUSE, deed="lamp.look", what=thing, changes=changes)
    assert trail.verify() is None


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), {1, 2}])
def test_a_value_that_no_database_keeps_is_refused_at_once(thing: Attachment, value: object) -> None:
    with pytest.raises((TypeError, ValueError)), transaction.atomic():
        trail.record(by=trail.HOUSE, deed="lamp.look", what=thing, changes={"x": value})
    assert Entry.objects.count() == 0


@transaction.atomic
def light_and_fail(thing: Attachment) -> float:
    trail.move(by=trail.HOUSE, row=thing, machine=LAMP, deed="light", field="kind")
    return 1 / 0


def test_a_deed_that_fails_leaves_neither_its_change_nor_its_line(thing: Attachment) -> None:
    with pytest.raises(ZeroDivisionError):
        light_and_fail(thing)
    thing.refresh_from_db()
    assert (thing.kind, Entry.objects.count(), trail.verify()) == ("off", 0, None)


# ---- moving ----------------------------------------------------------------------------------------


def test_a_move_changes_the_row_and_writes_the_line(thing: Attachment) -> None:
    entry = trail.move(by=trail.HOUSE, row=thing, machine=LAMP, deed="light", field="kind", changes={"watt": [0, 40]})
    assert thing.kind == "on"
    thing.refresh_from_db()
    assert thing.kind == "on"
    assert (entry.deed, entry.changes) == ("records.attachment.light", {"kind": ["off", "on"], "watt": [0, 40]})


def test_a_move_that_the_table_does_not_know_from_here_changes_nothing(thing: Attachment) -> None:
    with pytest.raises(Conflict):
        trail.move(by=trail.HOUSE, row=thing, machine=LAMP, deed="quench", why="Đủ sáng.", field="kind")
    assert (thing.kind, Entry.objects.count()) == ("off", 0)


def test_a_move_without_its_reason_changes_nothing(thing: Attachment) -> None:
    trail.move(by=trail.HOUSE, row=thing, machine=LAMP, deed="light", field="kind")
    with pytest.raises(Invalid):
        trail.move(by=trail.HOUSE, row=thing, machine=LAMP, deed="quench", field="kind")
    thing.refresh_from_db()
    assert (thing.kind, Entry.objects.count()) == ("on", 1)


def test_whoever_read_the_row_before_somebody_else_moved_it_is_told(thing: Attachment) -> None:
    stale = Attachment.objects.get(pk=thing.pk)
    trail.move(by=trail.HOUSE, row=thing, machine=LAMP, deed="light", field="kind")
    with pytest.raises(Conflict, match="trước bạn một bước"):
        trail.move(by=trail.HOUSE, row=stale, machine=LAMP, deed="light", field="kind")
    assert (stale.kind, Entry.objects.count()) == ("off", 1)


# ---- meddling --------------------------------------------------------------------------------------


def change(line: int, **columns: object) -> Callable[[], None]:
    return lambda: _change(line, columns)


def _change(line: int, columns: dict[str, object]) -> None:
    assert Entry.objects.filter(number=line).update(**columns)


def remove(*numbers: int) -> Callable[[], None]:
    return lambda: _remove(numbers)


def _remove(numbers: tuple[int, ...]) -> None:
    assert Entry.objects.filter(number__in=numbers).delete()[0]


def remove_and_renumber() -> None:
    """A line taken out, and those after it moved up."""
    Entry.objects.filter(number=3).delete()
    for number in (4, 5, 6):
        Entry.objects.filter(number=number).update(number=number - 1)
    TrailHead.objects.update(number=5)


def change_places() -> None:
    two, three = Entry.objects.get(number=2), Entry.objects.get(number=3)
    two.number, three.number = 3, 2
    two.save()
    three.save()


def add_well_tied_line() -> None:
    """A line made with the right digest, by somebody who knows how, but not through the trail."""
    last = Entry.objects.get(number=6)
    forged = Entry(
        number=7,
        at=last.at,
        actor="user:9",
        actor_name="Ai đó",
        deed="x",
        subject_type="a.b",
        subject_key="1",
        subject_name="",
        previous_digest=last.digest,
    )
    forged.digest = chain.digest_of(forged, instant=last.at.astimezone(UTC).isoformat(timespec="microseconds"))
    forged.save(force_insert=True)


def rewrite_last_line() -> None:
    """The last line rewritten with a digest that fits it: only the head can tell."""
    last = Entry.objects.get(number=6)
    last.why = "Viết lại."
    last.digest = chain.digest_of(last, instant=last.at.astimezone(UTC).isoformat(timespec="microseconds"))
    last.save()


def set_head(**columns: object) -> Callable[[], None]:
    return lambda: _set_head(columns)


def _set_head(columns: dict[str, object]) -> None:
    assert TrailHead.objects.update(**columns)


MEDDLING = {
    "another reason": (change(4, why="Khác."), 4),
    "another person": (change(1, actor="user:2"), 1),
    "another name of the person": (change(1, actor_name="Người khác"), 1),
    "another thing": (change(2, subject_key="99"), 2),
    "another kind of thing": (change(2, subject_type="plans.plan"), 2),
    "another name of the thing": (change(2, subject_name="khác"), 2),
    "another deed": (change(6, deed="lamp.quench"), 6),
    "other changes": (change(5, changes={"n": [None, 5]}), 5),
    "another moment": (change(3, at=datetime(2020, 1, 1, tzinfo=UTC)), 3),
    "another digest": (change(3, digest="0" * 64), 3),
    "tied to another": (change(3, previous_digest="0" * 64), 3),
    "another number": (change(6, number=8), 6),
    "the first taken out": (remove(1), 1),
    "one taken out": (remove(3), 3),
    "one taken out and the rest renumbered": (remove_and_renumber, 3),
    "two taken out": (remove(2, 5), 2),
    "the tail cut": (remove(5, 6), 5),
    "all taken out": (remove(1, 2, 3, 4, 5, 6), 1),
    "two in each other's place": (change_places, 2),
    "a line added, well tied": (add_well_tied_line, 7),
    "the last rewritten with a fitting digest": (rewrite_last_line, 6),
    "the head set back": (set_head(number=4), 5),
    "the head set forward": (set_head(number=9), 7),
    "the head's digest changed": (set_head(digest="f" * 64), 6),
}


@pytest.mark.parametrize("case", list(MEDDLING), ids=list(MEDDLING))
def test_the_first_broken_line_is_named(thing: Attachment, case: str) -> None:
    write(thing)
    assert trail.verify() is None
    meddle, number = MEDDLING[case]
    meddle()
    found = trail.verify()
    assert found is not None
    assert found[0] == number, found


def test_a_trail_without_its_head_is_broken_at_its_first_line(thing: Attachment) -> None:
    write(thing, 2)
    TrailHead.objects.all().delete()
    found = trail.verify()
    assert found is not None
    assert found[0] == 1


def test_what_is_written_after_the_meddling_does_not_heal_it(thing: Attachment) -> None:
    write(thing)
    Entry.objects.filter(number=2).update(why="Khác.")
    write(thing, 3)
    found = trail.verify()
    assert found is not None
    assert found[0] == 2


# ---- the command -----------------------------------------------------------------------------------


def test_the_command_says_that_the_trail_holds(thing: Attachment) -> None:
    write(thing)
    out = io.StringIO()
    call_command("verify_trail", stdout=out)
    assert out.getvalue() == "Nhật ký nguyên vẹn: 6 dòng.\n"


def test_the_command_ends_with_1_and_names_the_first_broken_line(thing: Attachment) -> None:
    write(thing)
    Entry.objects.filter(number=4).update(why="Khác.")
    said = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_trail", stderr=said)
    assert ended.value.code == 1
    assert "dòng 4" in said.getvalue()


@pytest.mark.parametrize(("number", "code"), [(None, 0), (4, 1)])
def test_the_command_answers_programs_as_well(thing: Attachment, number: int | None, code: int) -> None:
    write(thing)
    Entry.objects.filter(number=number).update(why="Khác.")
    out = io.StringIO()
    ended = 0
    try:
        call_command("verify_trail", "--json", stdout=out)
    except SystemExit as stop:
        ended = int(str(stop.code))
    answer = json.loads(out.getvalue())
    assert (ended, answer["entries"], answer["broken"] and answer["broken"]["number"]) == (code, 6, number)


# ---- the clock -------------------------------------------------------------------------------------


def test_a_pinned_clock_stands_still_and_runs_again_afterwards() -> None:
    instant = datetime(2021, 2, 3, 17, 30, tzinfo=UTC)
    with clock.pinned(instant):
        assert clock.now() == instant
        assert clock.today() == datetime(2021, 2, 4).date()  # half past midnight in Vietnam
    assert clock.now() != instant


# ---- many parts, one deed --------------------------------------------------------------------------


def test_lines_that_are_gathered_are_written_at_the_end_in_their_order(thing: Attachment) -> None:
    with transaction.atomic(), trail.gathered():
        write(thing, 2)
        with trail.gathered():
            write(thing, 1)
        trail.move(by=trail.HOUSE, row=thing, machine=LAMP, deed="light", field="kind")
        assert not Entry.objects.exists()
    assert list(Entry.objects.order_by("number").values_list("number", "deed")) == [
        (1, "lamp.look"),
        (2, "lamp.look"),
        (3, "lamp.look"),
        (4, "records.attachment.light"),
    ]
    assert trail.verify() is None


def test_the_head_is_locked_after_everything_else(thing: Attachment) -> None:
    with transaction.atomic(), CaptureQueriesContext(connection) as asked, trail.gathered():
        write(thing, 3)
        Attachment.objects.filter(pk=thing.pk).update(name="khac.txt")
    about_head = [place for place, query in enumerate(asked) if "records_trailhead" in query["sql"]]
    change = next(place for place, query in enumerate(asked) if "khac.txt" in query["sql"])
    assert min(about_head) > change


def test_lines_gathered_for_what_fails_are_dropped(thing: Attachment) -> None:
    @transaction.atomic
    @trail.gathered()
    def fail() -> None:
        write(thing, 2)
        raise Conflict("Không được.")

    with pytest.raises(Conflict):
        fail()
    write(thing, 1)
    assert Entry.objects.count() == 1
    assert trail.verify() is None
