"""Bodies that offer learning: who may do what with them, what is refused, what is written down."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.factories.cast import TODAY, Cast
from tests.factories.learning import make_activity, make_person, make_provider, make_session

from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Conflict, Invalid, Missing, Refused
from hieuhoc.programme.learning.models import Enrolment, HeadCount, Post, Provider, Room, Succession
from hieuhoc.programme.learning.selectors import providers as selectors
from hieuhoc.programme.learning.services import provider_parts as parts
from hieuhoc.programme.learning.services import providers as services
from hieuhoc.registers.accounts.models import User

pytestmark = pytest.mark.django_db

AFTER_DISTRICTS = timezone.make_aware(datetime(2025, 7, 15, 9))


def found(cast: Cast, by: User, **over: Any) -> Provider:
    given: dict[str, Any] = {
        "kind": "clc",
        "unit": cast.commune,
        "name": "Trung tâm học tập cộng đồng xã An Phú",
        "valid_from": date(2019, 5, 1),
    } | over
    return services.found_provider(by=by, **given)


def test_the_district_founds_a_centre_and_its_name_is_written_down(cast: Cast) -> None:
    centre = found(cast, cast.dung)
    assert centre.decided_by == "Ủy ban nhân dân Huyện Bình Trung"
    assert centre.key == "trung-tam-hoc-tap-cong-dong-xa-an-phu"
    assert trail.history(centre)[0].deed == "learning.provider.found"


def test_a_centre_may_be_older_than_the_register_of_units(cast: Cast) -> None:
    assert found(cast, cast.dung, valid_from=date(2008, 5, 1)).decided_by == "Ủy ban nhân dân Huyện Bình Trung"


@pytest.mark.parametrize(("who", "error"), [("an", Refused), ("hue", Refused), ("xuan", Refused), ("chi", Missing)])
def test_before_july_2025_nobody_in_a_commune_founds_a_centre(cast: Cast, who: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        found(cast, getattr(cast, who))
    assert not Provider.objects.exists()


def test_from_july_2025_the_commune_founds_its_centre(cast: Cast) -> None:
    with clock.pinned(AFTER_DISTRICTS):
        centre = found(cast, cast.an, valid_from=date(2025, 7, 10))
        assert centre.decided_by == "Chủ tịch Ủy ban nhân dân Xã An Phú"
        with pytest.raises(Missing):
            found(cast, cast.chi, name="Khác")


def test_a_commune_enters_bodies_of_other_kinds_at_any_time(cast: Cast) -> None:
    assert found(cast, cast.an, kind="library", name="Thư viện xã").decided_by == ""


def test_a_body_has_a_name_once_at_a_place_and_a_key_of_its_own(cast: Cast) -> None:
    first = found(cast, cast.dung)
    with pytest.raises(Invalid) as trouble:
        found(cast, cast.dung, name="Trung tâm  Học tập Cộng đồng xã An Phú")
    assert trouble.value.field == "name"
    services.end_provider(by=cast.dung, provider=first, on=TODAY, document="1/QĐ")
    assert found(cast, cast.dung).key == f"{first.key}-2"


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"kind": "cafe"}, "kind"),
        ({"name": "   "}, "name"),
        ({"decided_on": TODAY + timedelta(days=1)}, "decided_on"),
        ({"licensed_to": date(2019, 5, 1)}, "licensed_to"),
        ({"latitude": 10, "longitude": None}, "longitude"),
        ({"email": "khong-phai"}, "email"),
    ],
)
def test_what_cannot_be_names_the_field(cast: Cast, over: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as trouble:
        found(cast, cast.dung, **over)
    assert trouble.value.field == field


def test_a_body_stands_in_a_place_and_not_in_an_agency(cast: Cast) -> None:
    with pytest.raises(Invalid) as trouble:
        found(cast, cast.binh, kind="library", unit=cast.education)
    assert trouble.value.field == "unit"


# ---- telling anew --------------------------------------------------------------------------------------


def test_the_director_tells_what_the_centre_has_and_not_what_was_decided(cast: Cast) -> None:
    centre = make_provider(cast.commune)
    saved = services.edit_provider(by=cast.hue, provider=centre, edition=1, has_internet=True, phone="0297 3 111 222")
    assert (saved.has_internet, saved.has_seal, saved.edition) == (True, None, 2)
    with pytest.raises(Refused):
        services.edit_provider(by=cast.hue, provider=centre, edition=2, name="Tên khác")
    with pytest.raises(Refused):
        services.edit_provider(by=cast.lan, provider=centre, edition=2, phone="1")
    with pytest.raises(Missing):
        services.edit_provider(by=cast.chi, provider=centre, edition=2, phone="1")


def test_whoever_edits_an_older_state_is_told(cast: Cast) -> None:
    centre = make_provider(cast.commune)
    services.edit_provider(by=cast.hue, provider=centre, edition=1, phone="1")
    with pytest.raises(Conflict):
        services.edit_provider(by=cast.an, provider=centre, edition=1, phone="2")


def test_nothing_changed_writes_nothing(cast: Cast) -> None:
    centre = make_provider(cast.commune)
    assert services.edit_provider(by=cast.hue, provider=centre, edition=1, phone="").edition == 1
    assert not trail.history(centre).exists()


def test_a_body_ends_with_the_posts_at_it_and_only_once(cast: Cast) -> None:
    centre = make_provider(cast.commune)
    parts.appoint(by=cast.dung, provider=centre, role="director", name="Lê Văn Tám", valid_from=date(2018, 1, 1))
    services.end_provider(by=cast.dung, provider=centre, on=TODAY, document="9/QĐ-UBND")
    assert Post.objects.get().valid_to == TODAY
    with pytest.raises(Conflict):
        services.end_provider(by=cast.dung, provider=centre, on=TODAY, document="9/QĐ-UBND")


# ---- staff, rooms, equipment ---------------------------------------------------------------------------


def test_the_district_appoints_the_director_and_the_centre_names_its_cashier(cast: Cast) -> None:
    centre = make_provider(cast.commune)
    with pytest.raises(Refused):
        parts.appoint(by=cast.an, provider=centre, role="director", name="A", valid_from=TODAY)
    parts.appoint(by=cast.dung, provider=centre, role="director", name="Lê Văn Tám", valid_from=TODAY)
    parts.appoint(by=cast.hue, provider=centre, role="cashier", name="Ngô Thị Chín", valid_from=TODAY)
    assert selectors.directors_on(TODAY, [centre.pk]) == {centre.pk: "Lê Văn Tám"}
    with pytest.raises(Invalid):
        parts.appoint(by=cast.dung, provider=centre, role="director", name="Người Khác", valid_from=TODAY)


def test_from_july_2025_the_commune_appoints(cast: Cast) -> None:
    centre = make_provider(cast.commune)
    with clock.pinned(AFTER_DISTRICTS):
        parts.appoint(by=cast.an, provider=centre, role="director", name="Lê Văn Tám", valid_from=date(2025, 7, 2))
        with pytest.raises(Refused):
            parts.appoint(by=cast.hue, provider=centre, role="deputy", name="B", valid_from=date(2025, 7, 2))


def test_a_post_ends_once_and_after_it_began(cast: Cast) -> None:
    centre = make_provider(cast.commune)
    post = parts.appoint(by=cast.hue, provider=centre, role="cashier", name="Ngô Thị Chín", valid_from=TODAY)
    with pytest.raises(Invalid):
        parts.end_post(by=cast.hue, post=post, on=TODAY)
    with pytest.raises(Missing):
        parts.end_post(by=cast.chi, post=post, on=TODAY + timedelta(days=3))
    parts.end_post(by=cast.hue, post=post, on=TODAY + timedelta(days=3))
    with pytest.raises(Conflict):
        parts.end_post(by=cast.hue, post=post, on=TODAY + timedelta(days=4))


def test_rooms_and_equipment_are_kept_by_whoever_keeps_the_centre(cast: Cast) -> None:
    centre = make_provider(cast.commune)
    room = parts.add_room(by=cast.hue, provider=centre, name="Hội trường", seats=80, is_own=False, lender="UBND xã")
    thing = parts.add_equipment(by=cast.hue, provider=centre, name="Máy chiếu", quantity=2)
    with pytest.raises(Invalid):
        parts.add_room(by=cast.hue, provider=centre, name="Hội  trường")
    with pytest.raises(Invalid):
        parts.add_equipment(by=cast.hue, provider=centre, name="Loa", is_own=True, lender="UBND xã")
    with pytest.raises(Refused):
        parts.add_room(by=cast.lan, provider=centre, name="Phòng 2")
    with pytest.raises(Missing):
        parts.remove_equipment(by=cast.chi, equipment=thing)
    parts.edit_room(by=cast.an, room=room, name="Hội trường", seats=90, is_own=False, lender="UBND xã")
    assert Room.objects.get().seats == 90
    parts.remove_room(by=cast.hue, room=room)
    assert not Room.objects.exists()


# ---- rearranging ---------------------------------------------------------------------------------------


def test_centres_merge_into_a_new_one_and_end(cast: Cast) -> None:
    first, second = make_provider(cast.commune, "Trung tâm A"), make_provider(cast.commune, "Trung tâm B")
    after = services.rearrange(
        by=cast.dung, before=[first, second], manner="merged", on=TODAY, document="45/QĐ-UBND", name="Trung tâm C"
    )
    assert after.valid_from == TODAY
    assert after.decision == "45/QĐ-UBND"
    for one in (first, second):
        one.refresh_from_db()
        assert one.valid_to == TODAY
    assert selectors.predecessors(after) == {first.pk, second.pk}
    assert trail.history(after)[0].deed == "learning.provider.succeed"


def test_one_centre_is_kept_and_takes_the_other_over(cast: Cast) -> None:
    first, second = make_provider(cast.commune, "Trung tâm A"), make_provider(cast.commune, "Trung tâm B")
    after = services.rearrange(by=cast.dung, before=[second], manner="merged", on=TODAY, document="1", after=first)
    assert after == first
    assert Provider.objects.get(pk=first.pk).valid_to is None
    with pytest.raises(Conflict):
        services.succeed(by=cast.dung, before=[second], after=first, manner="merged", on=TODAY, document="1")


def test_nothing_is_left_of_a_rearrangement_that_fails(cast: Cast) -> None:
    first = make_provider(cast.commune, "Trung tâm A", since=TODAY)
    with pytest.raises(Invalid):
        services.rearrange(by=cast.dung, before=[first], manner="merged", on=TODAY, document="1", name="Trung tâm C")
    assert Provider.objects.count() == 1


def test_a_part_of_a_centre_may_be_taken_out_while_it_goes_on(cast: Cast) -> None:
    first = make_provider(cast.commune, "Trung tâm A")
    services.rearrange(
        by=cast.dung, before=[first], manner="divided", on=TODAY, document="1", name="Trung tâm B", ends=False
    )
    first.refresh_from_db()
    assert first.valid_to is None
    assert selectors.predecessors(Provider.objects.get(name="Trung tâm B")) == set()


@pytest.mark.parametrize(("who", "error"), [("an", Refused), ("hue", Refused), ("chi", Missing)])
def test_nobody_else_rearranges(cast: Cast, who: str, error: type[Exception]) -> None:
    first, second = make_provider(cast.commune, "Trung tâm A"), make_provider(cast.commune, "Trung tâm B")
    with pytest.raises(error):
        services.succeed(by=getattr(cast, who), before=[first], after=second, manner="merged", on=TODAY, document="1")
    assert not Succession.objects.exists()


def test_a_rearrangement_written_by_mistake_is_taken_back(cast: Cast) -> None:
    first, second = make_provider(cast.commune, "Trung tâm A"), make_provider(cast.commune, "Trung tâm B")
    parts.appoint(by=cast.hue, provider=first, role="cashier", name="Ngô Thị Chín", valid_from=date(2019, 1, 1))
    (row,) = services.succeed(by=cast.dung, before=[first], after=second, manner="merged", on=TODAY, document="1")
    services.undo_succession(by=cast.dung, succession=row, why="Ghi nhầm")
    first.refresh_from_db()
    assert first.valid_to is None
    assert Post.objects.get().valid_to is None
    assert not Succession.objects.exists()


def test_the_history_of_a_centre_adds_up_through_two_rearrangements(cast: Cast) -> None:
    first, second = make_provider(cast.commune, "Trung tâm A"), make_provider(cast.commune, "Trung tâm B")
    for centre, people in ((first, 3), (second, 2)):
        activity = make_activity(centre)
        session = make_session(activity, date(2019, 3, 1))
        activity.held_on = session.on
        activity.save(update_fields=["held_on"])
        for number in range(people):
            person = make_person(f"Người {centre.pk} {number}")
            Enrolment.objects.create(
                activity=activity,
                person=person,
                place=number,
                first_on=session.on,
                asked_at=clock.now(),
                secret=f"s{centre.pk}-{number}",
            )
        # Two sessions with heads that have no names: the fuller one counts.
        HeadCount.objects.create(session=session, sex="male", count=4)
        HeadCount.objects.create(session=session, sex="female", count=1)
        HeadCount.objects.create(session=make_session(activity, date(2019, 3, 8)), count=3)
    middle = services.rearrange(
        by=cast.dung, before=[first], manner="founded", on=date(2020, 1, 1), document="1", name="Trung tâm C"
    )
    last = services.rearrange(
        by=cast.dung, before=[middle, second], manner="merged", on=TODAY, document="2", name="Trung tâm D"
    )
    own, inherited = selectors.works(last)
    assert own == selectors.Work()
    assert {(row.name, work.classes, work.turns) for row, work in inherited} == {
        ("Trung tâm A", 1, 8),
        ("Trung tâm B", 1, 7),
        ("Trung tâm C", 0, 0),
    }


def test_a_commune_with_two_centres_is_told_to_whoever_decides(cast: Cast) -> None:
    make_provider(cast.commune, "Trung tâm A")
    assert selectors.to_rearrange(cast.dung) == []
    make_provider(cast.commune, "Trung tâm B")
    (one,) = selectors.to_rearrange(cast.dung)
    assert (one.unit, one.number) == (cast.commune, 2)
    for other in (cast.an, cast.chi, cast.xuan):
        assert selectors.to_rearrange(other) == []
    with clock.pinned(AFTER_DISTRICTS):
        assert [one.unit for one in selectors.to_rearrange(cast.an)] == [cast.commune]
        assert selectors.to_rearrange(cast.chi) == []
