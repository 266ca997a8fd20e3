"""How roles and invitations follow a reorganisation of units.

A role at a unit that ends goes on, for the same person, at its main heir when that stands as high; otherwise nobody's
power may grow, and it becomes the reader's role at the ended unit itself, so that its history stays readable. Nobody
holds a role twice: what several predecessors gave, or what the person holds at the heir already, is one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hieuhoc.foundation.records import trail
from hieuhoc.foundation.records.trail import Actor, Deed
from hieuhoc.kernel.errors import Conflict
from hieuhoc.registers.accounts import access, selectors
from hieuhoc.registers.accounts.models import Grant, Invitation, User
from hieuhoc.registers.accounts.roles import ROLES
from hieuhoc.registers.accounts.services.grants import grant_words
from hieuhoc.registers.places import selectors as places
from hieuhoc.registers.places.services.following import Followed, Journal, Line, Turn

Span = tuple[date, date | None]  # half-open; without an end it goes on
_BATCH = 400
ROLE, LETTER = gettext_noop("Vai trò"), gettext_noop("Thư mời")
PASSED = gettext_noop("giữ nguyên vai trò ở đơn vị kế thừa")
JOINED = gettext_noop("nhập vào vai trò đã có ở đơn vị kế thừa")
READS_ON = gettext_noop("thành Người xem ở đơn vị cũ, để xem lại lịch sử")
KEPT = gettext_noop("vẫn là Người xem ở đơn vị cũ")
LETTER_PASSED = gettext_noop("mời vào đơn vị kế thừa")
WITHDRAWN = gettext_noop("thu hồi")
_GRANT_COLUMNS = ("user_id", "role", "unit_id", "valid_from", "valid_to", "note")


def spans_left(wanted: Iterable[Span], held: Iterable[Span]) -> list[Span]:
    """What of the wanted spans nobody holds yet, each day once, in order.

    Example:
        >>> first, second, third = date(2025, 1, 1), date(2025, 7, 1), date(2026, 1, 1)
        >>> spans_left([(second, None), (second, third)], [(first, third)]) == [(third, None)]
        True
    """
    left: list[Span] = []
    taken = list(held)
    for start, end in sorted(wanted, key=lambda span: (span[0], span[1] or date.max)):
        pieces: list[Span] = [(start, end)]
        for other in [*taken, *left]:
            pieces = [rest for piece in pieces for rest in _without(piece, other)]
        left += pieces
    return _joined(left)


def _without(piece: Span, other: Span) -> list[Span]:
    start, end = piece[0], piece[1] or date.max
    first, last = other[0], other[1] or date.max
    rests = [(start, min(end, first)), (max(start, last), end)]
    return [(one, None if two == date.max else two) for one, two in rests if one < two]


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Spans that touch become one."""
    joined: list[Span] = []
    for start, end in sorted(spans, key=lambda span: span[0]):
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


class _Pieces:
    """What is to be written, gathered before anything is."""

    def __init__(self, turn: Turn) -> None:
        self.turn = turn
        self.closed: list[tuple[Grant, date | None]] = []  # with the end that was set before
        self.removed: list[Grant] = []
        self.given: list[Grant] = []
        self.lines: list[Line] = []


@dataclass(frozen=True)
class _AccountsFollower:
    """Roles and invitations."""

    name: str = "accounts"

    def follow(self, *, by: Actor, turn: Turn) -> Followed:
        """End every role at a unit that ends, and give it again where it goes on; pass invitations on likewise."""
        rows = _grants_concerned(turn)
        # Whoever else gives one of these people a role waits until this is done.
        people = {grant.user_id: grant.user for grant in rows}
        list(User.objects.select_for_update().filter(pk__in=_users_concerned(turn)).values_list("pk", flat=True))
        pieces = _grants_passed(turn, rows)
        letters = list(
            Invitation.objects.select_for_update(of=("self",))
            .filter(state="sent", unit__valid_to=turn.on)
            .select_related("unit__parent")
            .order_by("pk")
        )
        heirs = {turn.passings[one.unit_id].heir for one in letters if one.unit_id in turn.passings}
        units = places.units_by_number(heirs | {grant.unit_id for grant in pieces.given})
        deeds = _write_grants(pieces, people, units)
        before, lines, letter_deeds = _pass_letters(turn, letters, units)
        trail.record_many(by=by, deeds=[*deeds, *letter_deeds])
        for person in people.values():
            access.forget(person)
        return Followed(lines=[*pieces.lines, *lines], journal=_journal(pieces, before, letters))

    def take_back(self, *, by: Actor, turn: Turn, journal: Journal) -> None:
        """Give back every role and invitation as it was.

        Raises: Conflict when one of them was changed since, or somebody was given a role at a unit that the event
            formed.
        """
        if not journal:
            return
        letters = _letters_unchanged(journal)
        deeds = [*_grants_restored(turn, journal), *_letters_restored(journal, letters)]
        trail.record_many(by=by, deeds=deeds)


follower = _AccountsFollower()


# ---- roles -------------------------------------------------------------------------------------------


def _from_then(day: date) -> Q:
    return Q(valid_to__isnull=True) | Q(valid_to__gt=day)


def _users_concerned(turn: Turn) -> "QuerySet[Any, Any]":
    return Grant.objects.filter(_from_then(turn.on), unit__valid_to=turn.on).values("user")


def _grants_concerned(turn: Turn) -> list[Grant]:
    """All roles, from the day on, of everybody who holds one at a unit that ends on it; one query."""
    found = Grant.objects.select_for_update(of=("self",)).filter(_from_then(turn.on), user__in=_users_concerned(turn))
    return list(found.select_related("user", "unit__parent").order_by("valid_from", "pk"))


def _grants_passed(turn: Turn, rows: Sequence[Grant]) -> _Pieces:
    pieces = _Pieces(turn)
    wanted: dict[tuple[int, str, int], list[Span]] = defaultdict(list)
    held: dict[tuple[int, str, int], list[Span]] = defaultdict(list)
    ending = [grant for grant in rows if grant.unit_id in turn.passings]
    for grant in rows:
        if grant.unit_id not in turn.passings:
            held[_place(grant)].append((grant.valid_from, grant.valid_to))
    for grant in ending:
        passing = turn.passings[grant.unit_id]
        if not passing.is_peer and grant.role == "reader":
            held[_place(grant)].append((grant.valid_from, grant.valid_to))
    for grant in ending:
        passing = turn.passings[grant.unit_id]
        place = (
            (grant.user_id, grant.role, passing.heir) if passing.is_peer else (grant.user_id, "reader", grant.unit_id)
        )
        is_kept = not passing.is_peer and grant.role == "reader"
        span = (max(grant.valid_from, turn.on), grant.valid_to)
        is_joined = place in wanted or place in held
        pieces.lines.append(_line(grant, passing.heir, passing.is_peer, is_kept=is_kept, is_joined=is_joined))
        if is_kept:
            continue
        wanted[place].append(span)
        if grant.valid_from >= turn.on:
            pieces.removed.append(grant)
        else:
            pieces.closed.append((grant, grant.valid_to))
            grant.valid_to = turn.on
    for place, spans in wanted.items():
        user, role, unit = place
        for start, end in spans_left(spans, held[place]):
            pieces.given.append(
                Grant(user_id=user, role=role, unit_id=unit, valid_from=start, valid_to=end, note=_note(turn))
            )
    return pieces


def _place(grant: Grant) -> tuple[int, str, int]:
    return grant.user_id, grant.role, grant.unit_id


def _note(turn: Turn) -> str:
    return (_("Theo sắp xếp đơn vị: %(document)s") % {"document": turn.document or turn.on.isoformat()})[:300]


def _line(grant: Grant, heir: int, is_peer: bool, *, is_kept: bool, is_joined: bool) -> Line:
    fate = KEPT if is_kept else READS_ON if not is_peer else JOINED if is_joined else PASSED
    name = f"{grant.user}: {ROLES[grant.role].name}"
    return Line(sort=ROLE, name=name, unit=grant.unit_id, heir=heir if is_peer else None, fate=fate)


def _write_grants(pieces: _Pieces, people: Mapping[int, User], units: Mapping[int, Any]) -> list[Deed]:
    for grant in pieces.given:
        grant.user, grant.unit = people[grant.user_id], units[grant.unit_id]
    for batch in _batches([grant.pk for grant, _before in pieces.closed]):
        Grant.objects.filter(pk__in=batch).update(valid_to=pieces.turn.on)
    for batch in _batches([grant.pk for grant in pieces.removed]):
        Grant.objects.filter(pk__in=batch).delete()
    Grant.objects.bulk_create(pieces.given, batch_size=_BATCH)
    why, day = _note(pieces.turn), pieces.turn.on.isoformat()
    deeds = []
    for grant, before in pieces.closed:
        changes = grant_words(grant) | {"valid_to": [_iso(before), day]}
        deeds.append(Deed("accounts.user.end_grant", grant.user, why, changes))
    deeds += [Deed("accounts.user.take_back_grant", grant.user, why, grant_words(grant)) for grant in pieces.removed]
    deeds += [Deed("accounts.user.give_grant", grant.user, why, grant_words(grant)) for grant in pieces.given]
    return deeds


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _kept(grant: Grant) -> dict[str, Any]:
    """A role as plain values, for the journal."""
    return (
        {"pk": grant.pk}
        | {name: getattr(grant, name) for name in _GRANT_COLUMNS}
        | {
            "valid_from": grant.valid_from.isoformat(),
            "valid_to": _iso(grant.valid_to),
        }
    )


def _journal(pieces: _Pieces, before: Sequence[dict[str, Any]], letters: Sequence[Invitation]) -> Journal:
    after = {letter.pk: _letter_kept(letter) for letter in letters}
    return {
        "closed": [[_kept(grant), _iso(was)] for grant, was in pieces.closed],
        "removed": [_kept(grant) for grant in pieces.removed],
        "given": [_kept(grant) for grant in pieces.given],
        "letters": [[was, after[was["pk"]]] for was in before],
    }


def _grants_restored(turn: Turn, journal: Journal) -> list[Deed]:
    closed, given = journal["closed"], journal["given"]
    expected = {row["pk"]: row for row in [*(row for row, _was in closed), *given]}
    heirs = {heir for passing in turn.passings.values() for heir in (passing.heir, *passing.heirs)}
    found = Grant.objects.select_for_update(of=("self",)).select_related("user", "unit__parent")
    rows = {grant.pk: grant for grant in _in_batches(found, expected)}
    if any(pk not in rows or _kept(rows[pk]) != row for pk, row in expected.items()):
        raise Conflict("Có vai trò theo sắp xếp này đã được thay đổi sau đó; hãy khôi phục vai trò trước khi lùi lại.")
    built = Grant.objects.filter(unit__valid_from=turn.on).exclude(valid_to__lte=turn.on).select_related("unit")
    mine = {row["pk"] for row in given}
    for grant in built:
        if grant.unit_id in heirs and grant.pk not in mine:
            raise Conflict(
                "Đã giao vai trò mới ở “{unit}”, đơn vị do sắp xếp này lập ra; không lùi lại được nữa.",
                unit=grant.unit.name,
            )
    why = _("Lùi lại cuộc sắp xếp đơn vị")
    deeds = []
    for row, was in closed:
        grant = rows[row["pk"]]
        grant.valid_to = date.fromisoformat(was) if was else None
        changes = grant_words(grant) | {"valid_to": [row["valid_to"], was]}
        deeds.append(Deed("accounts.user.restore_grant", grant.user, why, changes))
    Grant.objects.bulk_update([rows[row["pk"]] for row, _was in closed], ["valid_to"], batch_size=_BATCH)
    deeds += [Deed("accounts.user.undo_grant", rows[pk].user, why, grant_words(rows[pk])) for pk in sorted(mine)]
    for batch in _batches(sorted(mine)):
        Grant.objects.filter(pk__in=batch).delete()
    return deeds + _grants_again(journal["removed"], why)


def _grants_again(removed: Sequence[dict[str, Any]], why: str) -> list[Deed]:
    """Roles that had not begun when they were taken over, as they were, under their old numbers."""
    again = [
        Grant(
            **row
            | {
                "valid_from": date.fromisoformat(row["valid_from"]),
                "valid_to": date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            }
        )
        for row in removed
    ]
    Grant.objects.bulk_create(again, batch_size=_BATCH)
    found = Grant.objects.select_related("user", "unit__parent")
    rows = _in_batches(found, {row["pk"] for row in removed})
    return [Deed("accounts.user.restore_grant", grant.user, why, grant_words(grant)) for grant in rows]


def _batches(numbers: Sequence[int]) -> list[Sequence[int]]:
    return [numbers[start : start + _BATCH] for start in range(0, len(numbers), _BATCH)]


def _in_batches(found: "QuerySet[Any, Any]", numbers: Iterable[int]) -> list[Any]:
    return [row for batch in _batches(sorted(numbers)) for row in found.filter(pk__in=batch).order_by("pk")]


# ---- invitations -------------------------------------------------------------------------------------


def _letter_kept(letter: Invitation) -> dict[str, Any]:
    return {
        "pk": letter.pk,
        "unit_id": letter.unit_id,
        "state": letter.state,
        "valid_from": letter.valid_from.isoformat(),
        "valid_to": _iso(letter.valid_to),
    }


def _pass_letters(
    turn: Turn, letters: Sequence[Invitation], units: Mapping[int, Any]
) -> tuple[list[dict[str, Any]], list[Line], list[Deed]]:
    """Invitations to ended units: to the heir where a role may pass to it, once for each person and role."""
    before: list[dict[str, Any]] = []
    lines: list[Line] = []
    deeds: list[Deed] = []
    waiting = set(_letters_waiting(turn, letters))
    changed = []
    for letter in letters:
        passing = turn.passings.get(letter.unit_id)
        if passing is None:
            continue
        was, name = _letter_kept(letter), f"{letter.full_name}: {ROLES[letter.role].name}"
        place = (letter.email.lower(), letter.role, passing.heir)
        is_over = letter.valid_to is not None and letter.valid_to <= turn.on
        if passing.is_peer and place not in waiting and not is_over:
            waiting.add(place)
            words = {"unit": [letter.unit.name, units[passing.heir].name]}
            letter.unit = units[passing.heir]
            letter.valid_from = max(letter.valid_from, turn.on)
            deeds.append(Deed("accounts.invitation.pass_on", letter, _note(turn), words))
            lines.append(Line(LETTER, name, was["unit_id"], passing.heir, LETTER_PASSED))
        else:
            letter.state = "withdrawn"
            deeds.append(Deed("accounts.invitation.withdraw", letter, _note(turn), {"state": ["sent", letter.state]}))
            lines.append(Line(LETTER, name, was["unit_id"], None, WITHDRAWN))
        before.append(was)
        changed.append(letter)
    Invitation.objects.bulk_update(changed, ["unit", "state", "valid_from"], batch_size=_BATCH)
    return before, lines, deeds


def _letters_waiting(turn: Turn, letters: Sequence[Invitation]) -> list[tuple[str, str, int]]:
    """To whom, for which role and where a letter is on its way to an heir already."""
    if not letters:
        return []
    heirs = {passing.heir for passing in turn.passings.values()}
    rows = selectors.invitations_open().order_by().values_list("email", "role", "unit_id")
    return [(email.lower(), role, unit) for email, role, unit in rows if unit in heirs]


def _letters_unchanged(journal: Journal) -> dict[int, Invitation]:
    pairs = journal["letters"]
    found = Invitation.objects.select_for_update(of=("self",)).select_related("unit")
    rows = {letter.pk: letter for letter in _in_batches(found, [was["pk"] for was, _now in pairs])}
    if any(was["pk"] not in rows or _letter_kept(rows[was["pk"]]) != now for was, now in pairs):
        raise Conflict("Có thư mời theo sắp xếp này đã được xử lý sau đó; không lùi lại được nữa.")
    return rows


def _letters_restored(journal: Journal, rows: Mapping[int, Invitation]) -> list[Deed]:
    pairs = journal["letters"]
    why, deeds = _("Lùi lại cuộc sắp xếp đơn vị"), []
    for was, now in pairs:
        letter = rows[was["pk"]]
        letter.unit_id, letter.state = was["unit_id"], was["state"]
        letter.valid_from = date.fromisoformat(was["valid_from"])
        deeds.append(Deed("accounts.invitation.restore", letter, why, {"state": [now["state"], was["state"]]}))
    columns = ["unit", "state", "valid_from"]
    Invitation.objects.bulk_update([rows[was["pk"]] for was, _now in pairs], columns, batch_size=_BATCH)
    return deeds
