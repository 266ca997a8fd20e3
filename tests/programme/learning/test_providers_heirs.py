"""When communes merge, bodies go on at the heir with what is to come; what was held stays; all can be put back."""

from datetime import date
from typing import Any

import pytest
from tests.factories.cast import Cast
from tests.factories.learning import make_activity, make_provider, make_session
from tests.factories.places import make_commune
from tests.factories.reorganisations import DAY, carry_out, heir, make_event

from hieuhoc.foundation.records import trail
from hieuhoc.kernel.errors import Conflict
from hieuhoc.programme.learning.heirs import follower
from hieuhoc.programme.learning.models import Activity, Provider
from hieuhoc.programme.learning.selectors import providers as selectors
from hieuhoc.programme.learning.services import finder
from hieuhoc.programme.learning.services import providers as services
from hieuhoc.registers.accounts import services as accounts
from hieuhoc.registers.places.services import Followed, Passing, Turn

pytestmark = pytest.mark.django_db


def rows() -> list[Any]:
    return [
        list(Provider.objects.order_by("pk").values_list("pk", "unit__key", "valid_to")),
        list(Activity.objects.order_by("pk").values_list("pk", "unit__key")),
    ]


def turn(cast: Cast) -> Turn:
    """An's commune goes into Chi's."""
    passing = Passing(cast.commune.pk, cast.next_door.pk, is_peer=True, heirs=(cast.next_door.pk,))
    return Turn(DAY, "Nghị quyết 9", {cast.commune.pk: passing})


def follow(cast: Cast) -> Followed:
    return follower.follow(by=trail.HOUSE, turn=turn(cast))


def held(provider: Provider, on: date) -> Activity:
    activity = make_activity(provider)
    make_session(activity, on)
    activity.held_on = on
    activity.save(update_fields=["held_on"])
    return activity


def test_a_centre_goes_on_at_the_heir_and_what_it_held_stays(cast: Cast) -> None:
    centre = make_provider(cast.commune)
    before = held(centre, date(2020, 10, 30))
    coming = make_activity(centre)
    make_session(coming, date(2020, 12, 1))
    followed = follow(cast)
    for one in (centre, before, coming):
        one.refresh_from_db()
    assert (centre.unit, before.unit, coming.unit) == (cast.next_door, cast.commune, cast.next_door)
    assert [(line.sort, line.detail) for line in followed.lines] == [
        ("Cơ sở học tập", ""),
        ("Lớp, chuyên đề chưa học", "1"),
    ]
    assert trail.history(centre)[0].deed == "learning.provider.follow"


def test_a_centre_that_had_ended_stays_where_it_was(cast: Cast) -> None:
    centre = make_provider(cast.commune)
    services.end_provider(by=cast.dung, provider=centre, on=date(2020, 10, 1), document="1")
    before = rows()
    assert list(follow(cast).lines) == []
    assert rows() == before


def test_everything_is_put_back(cast: Cast) -> None:
    centre = make_provider(cast.commune)
    held(centre, date(2020, 10, 30))
    make_activity(centre)
    before = rows()
    followed = follow(cast)
    assert rows() != before
    follower.take_back(by=trail.HOUSE, turn=turn(cast), journal=followed.journal)
    assert rows() == before


def test_what_was_rearranged_since_is_not_put_back(cast: Cast) -> None:
    centre, other = make_provider(cast.commune), make_provider(cast.next_door)
    followed = follow(cast)
    services.succeed(by=cast.dung, before=[centre], after=other, manner="merged", on=date(2020, 11, 10), document="1")
    with pytest.raises(Conflict):
        follower.take_back(by=trail.HOUSE, turn=turn(cast), journal=followed.journal)


def test_a_class_opened_since_speaks_against_putting_back(cast: Cast) -> None:
    centre = make_provider(cast.commune)
    followed = follow(cast)
    centre.refresh_from_db()
    make_activity(centre)
    with pytest.raises(Conflict):
        follower.take_back(by=trail.HOUSE, turn=turn(cast), journal=followed.journal)


def test_a_real_merger_leaves_two_centres_to_rearrange_and_their_history_adds_up(cast: Cast) -> None:
    first, second = make_provider(cast.commune), make_provider(cast.next_door)
    held(first, date(2020, 10, 30))
    held(second, date(2020, 10, 30))
    event = carry_out(cast, make_event(cast))
    (one,) = selectors.to_rearrange(cast.dung)
    assert one.unit == heir()
    assert {row.pk for row in one.centres} == {first.pk, second.pk}
    after = services.rearrange(
        by=cast.dung,
        before=one.centres,
        manner="merged",
        on=date(2020, 11, 10),
        document="45/QĐ-UBND",
        name="Trung tâm học tập cộng đồng xã Hòa Phú",
    )
    assert selectors.to_rearrange(cast.dung) == []
    own, inherited = selectors.works(after)
    assert sum((work for _row, work in inherited), own).classes == 2
    with pytest.raises(Conflict):
        accounts.take_back_reorganisation(by=cast.tri, event=event, why="Ghi nhầm")
    assert Provider.objects.get(pk=after.pk).unit == heir()


def test_a_wish_to_hear_of_classes_goes_on_at_the_heir(cast: Cast) -> None:
    centre = make_provider(cast.next_door)
    wish = finder.watch(name="Phan Thị Lụa", phone="0912345678", is_confirmed=True, unit=cast.commune)
    elsewhere = finder.watch(name="Lý Thị Xa", phone="0912345679", is_confirmed=True, unit=make_commune(cast.district))
    carry_out(cast, make_event(cast))
    centre.refresh_from_db()
    assert centre.unit == heir()
    told = list(finder.watchers_of(make_activity(centre)))
    assert wish in told
    assert elsewhere not in told


def test_a_real_merger_is_taken_back_whole(cast: Cast) -> None:
    make_provider(cast.commune)
    make_provider(cast.next_door)
    before = rows()
    event = carry_out(cast, make_event(cast))
    assert rows() != before
    accounts.take_back_reorganisation(by=cast.tri, event=event, why="Ghi nhầm")
    assert rows() == before
