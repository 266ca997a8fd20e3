"""What an administrator changes about one unit on its pages, and what its page then tells of its life."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.test import Client
from django.test.utils import override_settings
from tests.factories.cast import TODAY, Cast
from tests.factories.places import load_kien_giang, make_commune, make_district, make_group
from tests.factories.reorganisations import DAY, carry_out, heir, make_event

from hieuhoc.foundation.records import trail
from hieuhoc.registers.accounts import selectors, services
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.accounts.views import units
from hieuhoc.registers.places import selectors as places
from hieuhoc.registers.places import services as places_services
from hieuhoc.registers.places.models import Unit
from hieuhoc.registers.places.selectors import comparing

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _followers() -> Iterator[None]:
    with override_settings(FOLLOWERS=["hieuhoc.registers.accounts.heirs.follower"]):
        yield


PAGES = ["kind", "move", "aliases/new", "sizes/new", "edit", "end"]


@pytest.mark.parametrize("page", PAGES)
def test_a_units_forms_are_its_administrators_alone(cast: Cast, signed_in: SignIn, page: str) -> None:
    url = f"/units/{cast.commune.key}/{page}/"
    people = (cast.tri, cast.minh, cast.an, cast.chi, cast.nobody)
    assert [signed_in(user).get(url).status_code for user in people] == [200, 403, 403, 404, 404]
    assert Client().get(url).status_code == 302


def test_another_kind_comes_with_another_name_from_a_day(cast: Cast, signed_in: SignIn) -> None:
    url = f"/units/{cast.commune.key}/kind/"
    sent = {"kind": "phuong", "name": "Phường An Phú", "on": "01/11/2020", "document": "5/NQ"}
    assert signed_in(cast.tri).post(url, sent).headers["Location"] == f"/units/{cast.commune.key}/"
    assert places.state_on(cast.commune, date(2020, 11, 1)).name == "Phường An Phú"
    assert places.state_on(cast.commune, date(2020, 10, 31)).kind == "xa"
    wrong = signed_in(cast.tri).post(url, sent | {"kind": "huyen", "on": "02/11/2020"})
    assert wrong.status_code == 422
    assert "Loại đơn vị không thuộc cấp đã chọn." in wrong.content.decode()


def test_a_unit_moves_with_what_is_beneath_it_but_only_within_ones_units(cast: Cast, signed_in: SignIn) -> None:
    other = make_district(cast.province, "Huyện Khác")
    url = f"/units/{cast.commune.key}/move/"
    tri = signed_in(cast.tri)
    assert tri.post(url, {"parent_key": other.key, "on": "01/11/2020"}).status_code == 302
    cast.commune.refresh_from_db()
    assert cast.commune.parent == other
    wrong = tri.post(f"/units/{cast.district.key}/move/", {"parent_key": cast.commune.key, "on": "01/11/2020"})
    assert wrong.status_code in {409, 422}


def test_other_names_are_added_and_ended(cast: Cast, signed_in: SignIn) -> None:
    tri = signed_in(cast.tri)
    assert tri.post(f"/units/{cast.finance.key}/aliases/new/", {"name": "Sở TC", "on": "01/01/2020"}).status_code == 302
    again = tri.post(f"/units/{cast.finance.key}/aliases/new/", {"name": "Sở TC", "on": "01/01/2020"})
    assert again.status_code == 422
    assert "Đơn vị đã có tên này." in again.content.decode()
    alias = cast.finance.aliases.get()
    assert "Sở TC" in tri.get(f"/units/{cast.finance.key}/").content.decode()
    assert tri.post(f"/units/{cast.finance.key}/aliases/{alias.pk}/end/", {"on": "01/11/2020"}).status_code == 302
    assert places.aliases_of(cast.finance, on=TODAY) == []
    assert tri.get(f"/units/{cast.commune.key}/aliases/{alias.pk}/end/").status_code == 404


def test_a_group_is_set_to_those_who_stay_and_those_who_come(cast: Cast, signed_in: SignIn) -> None:
    group = make_group(cast.province, "Các sở")
    tri = signed_in(cast.tri)
    url = f"/units/{group.key}/members/"
    tri.post(url, {"more_1_key": cast.finance.key, "more_2_key": cast.education.key, "on": "01/01/2020"})
    assert places.members(group, on=TODAY) == [cast.education, cast.finance]
    page = tri.get(url).content.decode()
    assert "Sở Tài chính" in page
    sent = {"stay": [cast.finance.key], "more_1_key": cast.committee.key, "on": "01/11/2020"}
    assert tri.post(url, sent).status_code == 302
    assert places.members(group, on=TODAY) == [cast.finance, cast.committee]
    assert places.members(group, on=date(2020, 10, 31)) == [cast.education, cast.finance]
    assert tri.get(f"/units/{cast.finance.key}/members/").status_code == 404


def test_sizes_are_entered_corrected_and_taken_out_with_their_source(cast: Cast, signed_in: SignIn) -> None:
    tri = signed_in(cast.tri)
    url = f"/units/{cast.commune.key}/sizes/"
    sent = {"on": "01/06/2020", "people": "12.345", "area_ha": "4553", "source": "Niên giám 2020"}
    assert tri.post(f"{url}new/", sent).status_code == 302
    size = cast.commune.sizes.get()
    assert (size.people, size.households, size.area_ha) == (12345, None, 4553)
    page = tri.get(f"/units/{cast.commune.key}/").content.decode()
    for words in ("12.345", "4.553", "Niên giám 2020", "–"):
        assert words in page
    edit = f"{url}{size.pk}/edit/"
    assert 'value="12.345"' in tri.get(edit).content.decode()
    tri.post(edit, sent | {"people": "12.346", "is_estimated": "on"})
    size.refresh_from_db()
    assert (size.people, size.is_estimated) == (12346, True)
    assert [entry.deed for entry in trail.history(cast.commune)[:2]] == ["places.unit.record_size"] * 2
    for wrong, said in (({"people": "mười"}, "số nguyên"), ({"people": "", "area_ha": ""}, "ít nhất một trong")):
        answer = tri.post(f"{url}new/", sent | wrong)
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert signed_in(cast.an).get(f"{url}new/").status_code == 403
    assert tri.post(f"{url}{size.pk}/remove/", {"why": ""}).status_code == 422
    assert tri.post(f"{url}{size.pk}/remove/", {"why": "Nhầm ngày"}).status_code == 302
    assert not cast.commune.sizes.exists()


def test_nothing_new_is_put_beneath_a_unit_that_has_ended(cast: Cast, signed_in: SignIn) -> None:
    carry_out(cast, make_event(cast))
    sent = {
        "name": "Ấp Muộn",
        "level": "hamlet",
        "kind": "ap",
        "parent_key": cast.commune.key,
        "valid_from": "01/10/2020",
    }
    answer = signed_in(cast.tri).post("/units/new/", sent)
    assert answer.status_code == 422
    assert "đã kết thúc từ ngày 01/11/2020" in answer.content.decode()


# ---- a life, and then and now --------------------------------------------------------------------------


def test_an_ended_units_page_tells_its_heir_and_leads_to_the_tree_of_its_last_day(
    cast: Cast, signed_in: SignIn
) -> None:
    event = carry_out(cast, make_event(cast))
    page = signed_in(cast.an).get(f"/units/{cast.commune.key}/").content.decode()
    for words in ("Đơn vị này đã kết thúc", "Đơn vị kế thừa", "Xã Hòa Phú", event.title, "12/NQ-HĐND", "Nhận việc"):
        assert words in page
    assert "/units/?on=31/10/2020" in page
    tree = signed_in(cast.minh).get("/units/?on=31/10/2020").content.decode()
    assert "Xã An Phú" in tree
    assert "Xã Hòa Phú" not in tree


def test_an_heirs_page_tells_its_predecessors(cast: Cast, signed_in: SignIn) -> None:
    carry_out(cast, make_event(cast))
    page = signed_in(cast.an).get(f"/units/{heir().key}/").content.decode()
    for words in ("Tiền thân", "Xã An Phú", "Xã Chí Hòa", "toàn bộ"):
        assert words in page


def test_who_looks_for_the_old_name_finds_the_heir_with_it(cast: Cast, signed_in: SignIn) -> None:
    carry_out(cast, make_event(cast))
    an = signed_in(cast.an)
    assert "trước 01/11/2020: Xã Chí Hòa" in an.get("/units/?q=chi+hoa").content.decode()
    options = an.get("/units/options/?q=chi+hoa").json()["options"]
    assert ("Xã Hòa Phú", "Huyện Bình Trung · trước 01/11/2020: Xã Chí Hòa") in {
        (one["label"], one["note"]) for one in options
    }


def test_a_name_of_two_events_ago_is_told_to_whoever_looks_for_it(cast: Cast) -> None:
    carry_out(cast, make_event(cast))
    other = make_commune(cast.district, "Xã Tân Hòa")
    rows = [
        {
            "act": "merge",
            "source": key,
            "target": "31500",
            "target_name": "Xã Tân Phú",
            "target_kind": "xa",
            "target_level": "commune",
            "target_parent": cast.district.key,
        }
        for key in (heir().key, other.key)
    ]
    carry_out(cast, make_event(cast, rows, effective_on=date(2020, 11, 10)))
    last = heir("Xã Tân Phú")
    assert selectors.former_words([last], text="chí hòa") == {last.pk: "trước 01/11/2020: Xã Chí Hòa"}
    assert selectors.former_words([last]) == {last.pk: "trước 10/11/2020: Xã Hòa Phú, Xã Tân Hòa"}


def _told(day: date = DAY) -> dict[str, tuple[str, list[tuple[str, str]]]]:
    rows = comparing.compare(date(2020, 10, 31), day, level="commune")
    return {
        row.then.name if row.then else f"+{row.parts[0].unit.name}": (
            row.change,
            [(part.unit.name, str(part.share)) for part in row.parts],
        )
        for row in rows
    }


def test_then_and_now_tells_untouched_renamed_merged_divided_parted_enlarged_and_new(cast: Cast) -> None:
    names = ["Xã Nguyên", "Xã Đổi", "Xã Chia", "Xã Bớt", "Xã Nhận", "Xã Rộng", "Xã Góp"]
    units = {name: make_commune(cast.district, name, code=f"3100{place}") for place, name in enumerate(names)}
    new = {"target_kind": "xa", "target_level": "commune", "target_parent": cast.district.key}
    rows = [
        {"act": "rename", "source": units["Xã Đổi"].key, "target_name": "Xã Đã Đổi"},
        {"act": "divide", "source": units["Xã Chia"].key, "target": "31004", "share": "1/3", "is_estimated": "x"},
        {"act": "divide", "source": units["Xã Chia"].key, "target": "31999", "share": "2/3", "takes_duties": "x"}
        | new
        | {"target_name": "Xã Chia Mới"},
        {"act": "transfer", "source": units["Xã Bớt"].key, "target": "31004", "share": "1/4"},
        {"act": "merge", "source": units["Xã Rộng"].key, "target": "31888"} | new | {"target_name": "Xã Rộng"},
        {"act": "merge", "source": units["Xã Góp"].key, "target": "31888"},
        {"act": "form", "target": "31777"} | new | {"target_name": "Xã Lập"},
    ]
    carry_out(cast, make_event(cast, rows))
    assert _told() == {
        "Xã An Phú": ("same", [("Xã An Phú", "1")]),
        "Xã Chí Hòa": ("same", [("Xã Chí Hòa", "1")]),
        "Xã Nguyên": ("same", [("Xã Nguyên", "1")]),
        "Xã Đổi": ("changed", [("Xã Đã Đổi", "1")]),
        "Xã Chia": ("divided", [("Xã Chia Mới", "2/3"), ("Xã Nhận", "1/3")]),
        "Xã Bớt": ("parted", [("Xã Bớt", "3/4"), ("Xã Nhận", "1/4")]),
        "Xã Nhận": ("enlarged", [("Xã Nhận", "1")]),
        "Xã Rộng": ("enlarged", [("Xã Rộng", "1")]),
        "Xã Góp": ("merged", [("Xã Rộng", "1")]),
        "+Xã Lập": ("new", [("Xã Lập", "1")]),
    }
    divided = next(
        row for row in comparing.compare(date(2020, 10, 31), DAY, level="commune") if row.change == "divided"
    )
    assert [part.is_estimated for part in divided.parts] == [False, True]


def test_then_and_now_is_filtered_searched_paged_and_sent_out(cast: Cast, signed_in: SignIn) -> None:
    make_commune(cast.district, "Xã Nguyên")
    carry_out(cast, make_event(cast))
    an = signed_in(cast.an)
    page = an.get("/units/compare/").content.decode()
    for words in ("Ngày 31/10/2020", "Ngày 16/11/2020", "Xã An Phú", "Nhập vào đơn vị khác", "Giữ nguyên"):
        assert words in page
    merged = an.get("/units/compare/?change=merged&then=31/10/2020&now=16/11/2020").content.decode()
    assert "Xã Chí Hòa" in merged
    assert "Xã Nguyên" not in merged
    found = an.get("/units/compare/?q=hoa+phu", headers={"HX-Request": "true"}).content.decode()
    assert "Xã An Phú" in found
    assert "<html" not in found
    assert "Không có đơn vị nào khớp" in an.get("/units/compare/?under=khong-co").content.decode()
    other = make_district(cast.province, "Huyện Khác")
    assert "Không có đơn vị nào khớp" in an.get(f"/units/compare/?under={other.key}").content.decode()
    assert "Xã An Phú" in an.get(f"/units/compare/?under={cast.district.key}").content.decode()
    assert an.get("/units/compare/?format=xlsx").content.startswith(b"PK")
    assert signed_in(cast.nobody).get("/units/compare/").status_code == 403


def test_the_days_of_then_and_now_may_come_in_any_order_or_make_no_sense(cast: Cast, signed_in: SignIn) -> None:
    an = signed_in(cast.an)
    for query in ("?then=16/11/2020&now=01/01/2020", "?then=x&now=y", "?level=nowhere", "?level=agency"):
        assert an.get(f"/units/compare/{query}").status_code == 200
    assert Unit.objects.exists()


def test_the_trail_keeps_a_correction_of_a_size(cast: Cast) -> None:
    for people in (100, 120):
        services.record_size(by=cast.tri, unit=cast.commune, on=date(2020, 6, 1), people=people, source="Xã")
    assert trail.history(cast.commune).first().changes["people"] == [100, 120]  # type: ignore[union-attr]  # there is one


def test_a_large_register_shows_one_province_at_a_time(
    cast: Cast, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    an = signed_in(cast.an)
    whole = an.get("/units/").content.decode()
    assert "Xã An Phú" in whole
    monkeypatch.setattr(units, "MOST_IN_TREE", 3)
    tops = an.get("/units/").content.decode()
    assert f"?under={cast.province.key}" in tops
    assert "Xã Chí Hòa" not in tops
    within = an.get(f"/units/?under={cast.district.key}").content.decode()
    assert "Xã Chí Hòa" in within
    assert "Sở Tài chính" not in within
    assert "Sở Tài chính" not in an.get(f"/units/download/?format=csv&under={cast.district.key}").content.decode()
    assert an.get("/units/?under=khong-co").status_code == 200


def test_the_real_events_read_as_the_lists_of_their_resolutions_do(db: None) -> None:
    load_kien_giang()
    with override_settings(TODAY=date(2025, 7, 2)):
        places_services.execute_shipped(until=date(2025, 7, 1))
    eve, day = date(2025, 6, 30), date(2025, 7, 1)
    rows = comparing.compare(eve, day, level="commune", under="tinh-kien-giang")
    assert len(rows) == 143
    assert all(len(row.parts) == 1 and row.parts[0].is_whole for row in rows)
    heirs = {row.parts[0].unit.unit_id: row.parts[0].unit for row in rows}
    kinds = Counter(unit.kind for unit in heirs.values())
    assert kinds == {"xa": 41, "phuong": 4, "dac_khu": 3}
    untouched = {row.then.name for row in rows if row.change == "moved" and row.then}
    assert untouched == {"Xã Bình Giang", "Xã Bình Sơn", "Xã Hòn Nghệ", "Xã Sơn Hải", "Xã Tiên Hải"}
    assert [row.then.name for row in rows if row.change == "changed" and row.then] == ["Xã Thổ Châu"]
    whole = comparing.compare(eve, day, level="commune")
    divided = {row.then.name: len(row.parts) for row in whole if row.change == "divided" and row.then}
    assert divided == {"Xã Phú Hội": 2, "Xã Phước Hưng": 3, "Xã Vĩnh Châu": 2}
    assert len({part.unit.unit_id for row in whole for part in row.parts}) == 102
    districts = comparing.compare(eve, day, level="district", under="tinh-kien-giang")
    assert {(row.change, row.parts[0].unit.name) for row in districts} == {("abolished", "Tỉnh An Giang")}
    assert len(districts) == 15
