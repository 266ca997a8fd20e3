"""Certificates of completion: issued with a number of the year and the provider, checked by a code, revoked."""

import secrets
from collections.abc import Sequence

from django.db import transaction

from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.programme.learning import access
from hieuhoc.programme.learning.models import Activity, Certificate, Enrolment, Provider
from hieuhoc.programme.learning.rules import certificates as rules
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.accounts.roles import Permission

# Letters and digits that are not taken for one another on paper.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 12  # 60 bits: nobody guesses one


@transaction.atomic
def issue(*, by: User, activity: Activity, enrolments: Sequence[int]) -> list[Certificate]:
    """Issue a certificate to each of those who have completed and have none that holds; in order of arrival.

    Numbers run through the year of a provider without a gap. Raises: Invalid for somebody who has not completed, or
    whose name was deleted on request; Refused, Missing.
    """
    access.require_with(by, Permission.ACTIVITY_RUN, activity)
    provider = Provider.objects.select_for_update().get(pk=activity.provider_id)
    rows = list(
        Enrolment.objects.filter(activity=activity, pk__in=enrolments).select_related("person").order_by("place")
    )
    if len(rows) != len(set(enrolments)) or any(row.state != "completed" for row in rows):
        raise Invalid("Chỉ người đã hoàn thành mới được cấp giấy chứng nhận.")
    if any(row.person.is_forgotten for row in rows):
        raise Invalid("Người đã được xóa tên không được cấp giấy chứng nhận.")
    holding = set(
        Certificate.objects.filter(enrolment__in=rows, revoked_on=None).values_list("enrolment_id", flat=True)
    )
    today = clock.today()
    start = Certificate.objects.filter(enrolment__activity__provider=provider, issued_on__year=today.year).count()
    made = Certificate.objects.bulk_create(
        Certificate(
            enrolment=row,
            number=rules.number_of(turn=turn, year=today.year, provider=provider.pk),
            code="".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH)),
            issued_on=today,
        )
        for turn, row in enumerate((row for row in rows if row.pk not in holding), start=start + 1)
    )
    trail.record_many(by=by, deeds=[trail.Deed("learning.certificate.issue", one) for one in made])
    return made


@transaction.atomic
def revoke(*, by: User, certificate: Certificate, why: str) -> Certificate:
    """Say that a certificate holds no longer; who checks it is told. Raises: Invalid, Conflict, Refused, Missing."""
    access.require_with(by, Permission.ACTIVITY_RUN, certificate.enrolment.activity)
    if not why.strip():
        raise Invalid("Hãy ghi lý do thu hồi.", field="why")
    changed = Certificate.objects.filter(pk=certificate.pk, revoked_on=None).update(
        revoked_on=clock.today(), why_revoked=why.strip()[:255]
    )
    if not changed:
        raise Conflict("Giấy này đã được thu hồi.")
    trail.record(by=by, deed="learning.certificate.revoke", what=certificate, why=why)
    certificate.refresh_from_db()
    return certificate
