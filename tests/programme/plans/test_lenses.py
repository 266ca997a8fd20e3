"""The figures of a plan by either lens add up to the same, whatever the reorganisation."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from fractions import Fraction

import pytest
from django.db import transaction
from django.test.utils import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories import places as factory
from tests.factories.cast import Cast
from tests.factories.plans import make_plan, make_task

from hieuhoc.foundation.records import trail
from hieuhoc.programme.plans import selectors
from hieuhoc.programme.plans.models import Assignment, Plan
from hieuhoc.registers.places import services as registers
from hieuhoc.registers.places.models import Reorganisation, Unit
from hieuhoc.registers.places.rules import Row

pytestmark = pytest.mark.django_db

ON, AFTER = date(2021, 1, 1), date(2021, 2, 1)
COMMUNES, TASKS = 4, 5
STATES = ("assigned", "underway", "returned", "done", "confirmed", "cancelled")
FATES = st.one_of(
    st.just(("stay",)), st.tuples(st.just("merge"), st.integers(0, 1)), st.tuples(st.just("divide"), st.integers(1, 6))
)


@pytest.fixture
def communes(cast: Cast) -> list[Unit]:
    return [factory.make_commune(cast.district, f"Xã Số {number}") for number in range(COMMUNES)]


@pytest.fixture
def plan(cast: Cast, communes: list[Unit]) -> Plan:
    tasks = [make_task(f"Việc {number}.", leads=communes, first_line=number + 5) for number in range(TASKS)]
    return make_plan(by=cast.binh, issuer=cast.committee, lead=cast.finance, tasks=tasks)


@pytest.fixture(autouse=True)
def _later(plan: Plan) -> Iterator[None]:
    with override_settings(TODAY=AFTER):
        yield


def merged(cast: Cast, unit: Unit, *, into: str) -> Row:
    return Row(
        "merge", unit.key, target=into, target_name=f"Xã {into}", target_kind="xa", target_parent=cast.district.key
    )


def divided(cast: Cast, unit: Unit, part: int, share: Fraction) -> Row:
    return Row(
        "divide",
        unit.key,
        target=f"{unit.key}-{part}",
        target_name=f"{unit.name} Phần {part}",
        target_kind="xa",
        target_parent=cast.district.key,
        share=str(share),
        takes_duties=part == 1,
        is_estimated=True,
    )


def rows(cast: Cast, communes: list[Unit], fates: list[tuple[object, ...]]) -> list[Row]:
    found = []
    for unit, fate in zip(communes, fates, strict=True):
        if fate[0] == "merge":
            found.append(merged(cast, unit, into=f"gop-{fate[1]}"))
        elif fate[0] == "divide":
            share = Fraction(int(str(fate[1])), 7)
            found += [divided(cast, unit, 1, share), divided(cast, unit, 2, 1 - share)]
    return found


def execute(cast: Cast, found: list[Row]) -> Reorganisation:
    event = registers.prepare_reorganisation(by=trail.HOUSE, title="Sắp xếp", effective_on=ON)
    registers.set_rows(by=trail.HOUSE, event=event, rows=found)
    event = registers.submit_reorganisation(by=trail.HOUSE, event=event)
    return registers.approve_reorganisation(by=trail.HOUSE, event=event)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    states=st.lists(st.sampled_from(STATES), min_size=COMMUNES * TASKS, max_size=COMMUNES * TASKS),
    fates=st.lists(FATES, min_size=COMMUNES, max_size=COMMUNES).filter(
        lambda fates: any(len(one) > 1 for one in fates)
    ),
)
def test_both_lenses_add_up_to_the_same_and_to_the_plan(
    cast: Cast, communes: list[Unit], plan: Plan, states: list[str], fates: list[tuple[object, ...]]
) -> None:
    with transaction.atomic():
        for work, state in zip(plan.assignments.order_by("pk"), states, strict=True):
            Assignment.objects.filter(pk=work.pk).update(state=state, percent=100 if state == "confirmed" else 40)
        execute(cast, rows(cast, communes, fates))
        whole = asdict(selectors.tallies([plan], on=AFTER).get(plan.pk, selectors.Tally()))
        reported = selectors.tally_by_agency(plan, on=AFTER)
        tree = selectors.map_of_agencies(reported)
        restated = selectors.agencies_restated(reported, on=AFTER, tree=tree)
        assert summed(reported) == summed(restated) == whole
        ended = {unit.pk for unit, fate in zip(communes, fates, strict=True) if len(fate) > 1}
        for one in restated:
            parts = (one.tally.confirmed, one.tally.waiting, one.tally.underway, one.tally.unstarted)
            assert sum(parts) == one.tally.total
        assert not ended & {one.unit_id for one in restated}
        for agencies, lens in ((reported, None), (restated, tree)):
            table = selectors.matrix(plan, agencies, on=AFTER, tree=lens)
            assert sum(total for _agency, cells in table.rows for total, _late in cells) == whole["total"]
        transaction.set_rollback(True)


def summed(agencies: list[selectors.AgencyStanding]) -> dict[str, int]:
    counts = [asdict(one.tally) for one in agencies]
    return {name: sum(one[name] for one in counts) for name in asdict(selectors.Tally())}
