"""The yearly assessment of a body: by itself, then by the level above, which gives the grade."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Conflict, Invalid, Refused
from hieuhoc.programme.learning import access, states
from hieuhoc.programme.learning.models import Assessment, Provider
from hieuhoc.programme.learning.rules import grading, planning
from hieuhoc.programme.learning.selectors import grading as selectors

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User

OWN = ("submit", "withdraw")
OPEN = ("draft", "returned")
Points = Mapping[str, Mapping[str, Any]]


@transaction.atomic
def begin_assessment(*, by: User, provider: Provider, year: int) -> Assessment:
    """The assessment of a body's year, made by the set of that year when there is none.

    Raises: Refused, Missing; Invalid (field `year`) for a year still to come or in which the body did not stand;
        Conflict where no set is written.
    """
    access.require_assessing(by, provider)
    planning.check_year(year)
    if year > clock.today().year:
        raise Invalid("Năm này chưa tới nên chưa tự chấm được.", field="year")
    if not grading.stood_in(year, since=provider.valid_from, until=provider.valid_to):
        raise Invalid("Cơ sở không hoạt động trong năm này nên không xếp loại.", field="year")
    found = Assessment.objects.filter(provider=provider, year=year).first()
    if found is not None:
        return found
    chosen = selectors.set_for(provider.kind, year)
    if chosen is None:
        raise Conflict("Chưa có bộ tiêu chí xếp loại cho loại cơ sở này; cơ quan thường trực cần soạn trước.")
    made, is_new = Assessment.objects.get_or_create(provider=provider, year=year, defaults={"grading": chosen})
    if is_new:
        trail.record(by=by, deed="learning.assessment.begin", what=made)
    return made


@transaction.atomic
def assess(
    *, by: User, assessment: Assessment, edition: int, own: Points, answers: Mapping[str, str] | None = None
) -> Assessment:
    """Write a centre's own points, notes and answers; they may be incomplete until it is submitted.

    Raises: Refused, Missing; Conflict once submitted, or changed by another; Invalid (field: the criterion).
    """
    row = _locked(assessment)
    access.require_assessing(by, row.provider)
    if row.state not in OPEN:
        raise Conflict("Phiếu đã gửi; hãy rút về trước khi sửa.")
    if row.edition != edition:
        raise Conflict("Người khác vừa sửa phiếu này. Hãy tải lại trang rồi sửa tiếp.")
    content = grading.read(row.grading.content)
    before = grading.total(row.own)
    row.own = grading.check_points(content, own)
    known = {one.key for one in content.questions}
    row.answers = {key: told.strip() for key, told in (answers or {}).items() if key in known and told.strip()}
    row.edition += 1
    row.save(update_fields=["own", "answers", "edition"])
    changes = {"own": [grading.plain(before), grading.plain(grading.total(row.own))]}
    trail.record(by=by, deed="learning.assessment.assess", what=row, changes=changes)
    return row


@transaction.atomic
def move_assessment(
    *,
    by: User,
    assessment: Assessment,
    deed: str,
    why: str = "",
    verified: Points | None = None,
    edition: int | None = None,
) -> Assessment:
    """Submit, withdraw, return, verify or reopen; nobody verifies what they submitted themselves.

    `verified` are the points of the level above, needed to verify; `edition` is that of the paper they were given on.
    Raises: Refused, Missing; Conflict from another state, or when the paper was changed since; Invalid while a
    criterion has no points, or without a reason.
    """
    row = _locked(assessment)
    require = access.require_assessing if deed in OWN else access.require_verifying
    require(by, row.provider)
    states.ASSESSMENT.after(deed, state=row.state, why=why)
    if edition is not None and row.edition != edition:
        raise Conflict("Phiếu vừa được sửa hoặc gửi lại. Hãy tải lại trang rồi thẩm định tiếp.")
    content = grading.read(row.grading.content)
    changes: dict[str, Any] = {}
    if deed == "submit":
        _require_whole(content, row.own)
        row.submitted_by, row.submitted_at = by, clock.now()
    elif deed == "verify":
        if row.submitted_by_id == by.pk:
            raise Refused("Phiếu do người khác thẩm định, không phải người đã gửi.")
        row.verified = grading.check_points(content, verified or {})
        _require_whole(content, row.verified)
        row.total = grading.total(row.verified)
        row.grade, row.verified_at = content.grade_of(row.total).key, clock.now()
        changes = {"grade": [None, content.grade_name(row.grade)]}
    elif deed == "reopen":
        changes = {"grade": [content.grade_name(row.grade), None]}
        row.total, row.grade, row.verified_at = None, "", None
    trail.move(by=by, row=row, machine=states.ASSESSMENT, deed=deed, why=why, changes=changes)
    row.edition += 1
    row.save(update_fields=["submitted_by", "submitted_at", "verified", "total", "grade", "verified_at", "edition"])
    return row


def _require_whole(content: grading.Content, points: Points) -> None:
    lacking = grading.missing(content, points)
    if lacking:
        raise Invalid(
            "Còn {count} tiêu chí chưa có điểm, đầu tiên là “{name}”.",
            field=lacking[0].key,
            count=len(lacking),
            name=lacking[0].name,
        )


def _locked(assessment: Assessment) -> Assessment:
    rows = Assessment.objects.select_for_update(of=("self",)).select_related("provider__unit", "grading")
    return rows.get(pk=assessment.pk)
