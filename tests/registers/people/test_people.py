"""Who is known again, who is perhaps the same, joining and parting, forgetting, and what the trail must not hold."""

from dataclasses import asdict

import pytest
from django.test import override_settings
from pytest_django import DjangoAssertNumQueries
from tests.factories.cast import Cast
from tests.factories.learning import make_activity, make_person, make_provider
from tests.factories.places import make_unit

from hieuhoc.foundation.records.models import Entry
from hieuhoc.kernel.errors import Conflict, Invalid, Missing, Refused
from hieuhoc.registers.people import rules, selectors, services
from hieuhoc.registers.people.models import Person
from hieuhoc.registers.people.services import CITIZEN, About
from hieuhoc.registers.places.models import Unit

pytestmark = pytest.mark.django_db
CARD = "091080012345"


def note(cast: Cast, name: str = "Trần Thị Bích", **given: object) -> Person:
    about = {"birth_year": 1980, "unit": cast.commune} | given
    return services.note_person(by=cast.hue, name=name, **about)  # type: ignore[arg-type]  # fields of a person


def _hamlet(commune: Unit, name: str) -> Unit:
    return make_unit(name, "hamlet", "ap", commune)


def test_the_same_identity_number_is_the_same_person_whatever_the_name(cast: Cast) -> None:
    person = note(cast, identity=CARD)
    same = selectors.find_same(name="Tran Thi B", birth_year=1999, identity="0910 8001 2345")
    assert same.certain == person


def test_the_identity_number_is_nowhere_in_the_row(cast: Cast) -> None:
    person = note(cast, identity=CARD)
    row = Person.objects.filter(pk=person.pk).values().get()
    assert CARD not in str(row)
    assert row["identity_end"] == CARD[-4:]


def test_a_number_is_known_again_after_the_key_of_the_house_was_changed(cast: Cast) -> None:
    with override_settings(SECRET_KEY="the key of last year"):
        person = note(cast, identity=CARD)
    assert selectors.find_same(name="Ai đó", identity=CARD).certain is None
    with override_settings(SECRET_KEY_FALLBACKS=["the key of last year"]):
        assert selectors.find_same(name="Ai đó", identity=CARD).certain == person


@pytest.mark.parametrize(
    ("name", "birth_year", "here", "found"),
    [
        ("Tran Thi Bich", 1980, True, True),  # marks left out
        ("TRẦN THỊ BÍCH", None, True, True),  # the place alone
        ("Trần Thị Bích", 1980, None, True),  # the year alone
        ("Trần Thị Bích", 1981, True, False),
        ("Trần Thị Bích", 1980, False, False),
        ("Trần Thị Bích", None, None, False),
        ("Trần Thị Bình", 1980, True, False),
    ],
)
def test_a_name_needs_a_year_or_a_place_and_a_human(
    cast: Cast, name: str, birth_year: int | None, here: bool | None, found: bool
) -> None:
    person = note(cast)
    unit = {True: cast.commune, False: cast.next_door, None: None}[here]
    same = selectors.find_same(name=name, birth_year=birth_year, unit=unit)
    assert same.certain is None
    assert same.perhaps == ([person] if found else [])


def test_a_hamlet_lies_in_its_commune(cast: Cast) -> None:
    person = note(cast, unit=_hamlet(cast.commune, "Ấp Một"))
    assert selectors.find_same(name=person.name, unit=cast.commune).perhaps == [person]
    assert selectors.find_same(name=person.name, unit=_hamlet(cast.commune, "Ấp Hai")).perhaps == [person]
    assert selectors.find_same(name=person.name, unit=_hamlet(cast.next_door, "Ấp Ba")).perhaps == []


def test_two_identity_numbers_are_two_people(cast: Cast) -> None:
    note(cast, identity=CARD)
    same = selectors.find_same(name="Trần Thị Bích", birth_year=1980, unit=cast.commune, identity="091080099999")
    assert (same.certain, same.perhaps) == (None, [])


def test_a_telephone_that_was_shown_to_be_theirs_makes_name_and_year_certain(cast: Cast) -> None:
    person = note(cast, phone="0912 345 678")
    assert selectors.find_same(name="Trần Thị Bích", birth_year=1980, phone="0912345678").certain == person
    assert selectors.find_same(name="Trần Thị Bích", birth_year=1980, phone="0900000000").certain is None


def test_many_are_looked_for_in_a_fixed_number_of_queries(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    people = [note(cast, f"Lê Thị {letter}a", identity=f"0910800{n:05}") for n, letter in enumerate("BCDGHKLMN")]
    sayings = [selectors.said(name=one.name, birth_year=1980, unit=cast.commune) for one in people]
    with django_assert_max_num_queries(2):
        assert [same.perhaps for same in selectors.find_same_many(sayings)] == [[one] for one in people]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "7"),
        ("birth_year", 1812),
        ("birth_year", 2021),
        ("phone", "12345"),
        ("identity", "1234"),
        ("sex", "x"),
        ("ethnicity", "x"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(cast: Cast, field: str, value: object) -> None:
    with pytest.raises(Invalid) as refused:
        note(cast, **{field: value})
    assert refused.value.field == field


def test_nobody_is_noted_twice_under_one_identity_number(cast: Cast) -> None:
    note(cast, identity=CARD)
    with pytest.raises(Conflict):
        note(cast, "Trần Thị Bích Vân", identity=CARD)


def test_nothing_personal_is_ever_in_the_trail(cast: Cast) -> None:
    person = note(cast, identity=CARD, phone="0912345678")
    about = About("Trần Thị Bích Vân", 1980, phone="0987654321", unit=cast.commune, identity="091080054321")
    services.edit(by=cast.hue, person=person, about=about)
    services.see_person(by=cast.lan, pk=person.pk)
    services.forget(by=cast.hue, person=person, why="Theo đơn ngày 16/11/2020")
    written = str(list(Entry.objects.filter(deed__startswith="people.").values()))
    for private in ("Bích", "bich", "0912345678", "0987654321", CARD, "091080054321"):
        assert private not in written
    assert Entry.objects.filter(deed="people.person.see", actor=cast.lan.actor_key).count() == 1


def test_an_empty_identity_number_keeps_the_one_that_is_known(cast: Cast) -> None:
    person = note(cast, identity=CARD)
    about = About("Trần Thị Bích", 1980, unit=cast.commune)
    assert services.edit(by=cast.hue, person=person, about=about).identity_end == CARD[-4:]
    assert services.edit(by=cast.hue, person=person, about=about, drop_identity=True).identity_digest == ""


def test_joining_hides_a_row_and_parting_shows_it_again(cast: Cast) -> None:
    one, other, third = note(cast), note(cast, "Trần Bích"), note(cast, "Trần T. Bích")
    services.join_people(by=cast.hue, kept=other, gone=third)
    services.join_people(by=cast.hue, kept=one, gone=other)
    assert list(selectors.people_seen(cast.hue)) == [one]
    assert list(selectors.joined_to(one)) == [other, third]
    assert selectors.find_same(name="Trần Bích", birth_year=1980).perhaps == [one]
    services.part_people(by=cast.hue, person=other)
    assert set(selectors.people_seen(cast.hue)) == {one, other}


def test_two_with_different_identity_numbers_are_not_joined(cast: Cast) -> None:
    one, other = note(cast, identity=CARD), note(cast, identity="091080054321")
    with pytest.raises(Conflict):
        services.join_people(by=cast.hue, kept=one, gone=other)
    with pytest.raises(Invalid):
        services.join_people(by=cast.hue, kept=one, gone=one)


def test_whoever_is_forgotten_is_counted_and_known_no_more(cast: Cast) -> None:
    person, same = note(cast, identity=CARD, phone="0912345678", sex="female"), note(cast, "Trần Bích")
    services.join_people(by=cast.hue, kept=person, gone=same)
    with pytest.raises(Invalid):
        services.forget(by=cast.hue, person=person, why=" ")
    services.forget(by=cast.hue, person=person, why="Theo đơn ngày 16/11/2020")
    for row in Person.objects.filter(pk__in=[person.pk, same.pk]):
        assert (row.name, row.phone, row.identity_digest, row.identity_end) == (rules.FORGOTTEN, "", "", "")
        assert row.is_forgotten
    person.refresh_from_db()
    assert (person.sex, person.birth_year, person.unit) == ("female", 1980, cast.commune)
    assert selectors.find_same(name="Trần Thị Bích", birth_year=1980, identity=CARD) == selectors.Same()
    with pytest.raises(Conflict):
        services.edit(by=cast.hue, person=person, about=About("Trần Thị Bích"))


def test_who_lives_or_learns_here_is_seen_here_and_not_next_door(cast: Cast) -> None:
    here, there = note(cast), note(cast, "Lê Thị Xa", unit=cast.next_door)
    assert list(selectors.people_seen(cast.hue)) == [here]
    make_activity(make_provider(cast.commune)).enrolments.create(
        person=there, place=1, source="staff", secret="s", asked_at=there.noted_at
    )
    assert set(selectors.people_seen(cast.hue)) == {here, there}
    assert list(selectors.people_seen(cast.chi)) == [there]
    assert list(selectors.people_seen(cast.xuan)) == []
    with pytest.raises(Missing):
        services.edit(by=cast.chi, person=here, about=About("Trần Thị Bích"))
    with pytest.raises(Refused):
        services.edit(by=cast.lan, person=here, about=About("Trần Thị Bích"))


def test_who_has_no_class_notes_nobody_and_a_citizen_notes_themselves(cast: Cast) -> None:
    with pytest.raises(Refused):
        services.note_person(by=cast.xuan, name="Trần Thị Bích")
    services.note_person(by=CITIZEN, name="Trần Thị Bích")
    assert Entry.objects.get(deed="people.person.add").actor == "citizen"


def test_people_are_found_by_words_without_marks_by_a_whole_telephone_and_by_four_digits(cast: Cast) -> None:
    person = note(cast, identity=CARD, phone="0912345678")
    make_person("Ngô Văn Sáu", unit=cast.commune)
    for text in ("bich tran", "0912345678", CARD[-4:]):
        assert list(selectors.find_people(cast.hue, text=text)) == [person]
    assert list(selectors.find_people(cast.hue, text="0912")) == []


def test_names_stand_in_the_order_of_given_names(cast: Cast) -> None:
    for name in ("Trần Văn Út", "Ngô Thị Ánh", "Lê Anh", "Đỗ Văn Bảy"):
        note(cast, name)
    assert [one.name for one in selectors.people_seen(cast.hue)] == [
        "Lê Anh", "Ngô Thị Ánh", "Đỗ Văn Bảy", "Trần Văn Út",
    ]  # fmt: skip


def test_many_are_noted_all_or_none(cast: Cast) -> None:
    good, bad = About("Lê Thị Một", 1970), About("Lê Thị Hai", 1700)
    with pytest.raises(Invalid):
        services.note_people(by=cast.hue, people=[good, bad])
    assert not Person.objects.exists()
    rows = services.note_people(by=cast.hue, people=[good, About(**asdict(good) | {"name": "Lê Thị Ba"})])
    assert [row.name for row in rows] == ["Lê Thị Một", "Lê Thị Ba"]


def test_looking_at_a_roster_is_noted_once_a_day_without_names(cast: Cast) -> None:
    activity = make_activity(make_provider(cast.commune))
    for _time in range(2):
        services.see_roster(by=cast.lan, what=activity, number=12)
    services.see_roster(by=cast.hue, what=activity, number=12)
    assert Entry.objects.filter(deed="people.person.see").count() == 2
