"""The library of materials: sharing, finding, withdrawing, using in classes, and what everybody sees of it."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from tests.factories.cast import Cast
from tests.factories.learning import make_activity, make_provider, make_topic

from hieuhoc.foundation.records.models import Entry
from hieuhoc.kernel.errors import Conflict, Invalid, Missing, Refused
from hieuhoc.programme.learning.models import Activity, Material, MaterialUse, Repository
from hieuhoc.programme.learning.rules import materials as rules
from hieuhoc.programme.learning.selectors import materials as selectors
from hieuhoc.programme.learning.selectors.materials import Wanted
from hieuhoc.programme.learning.services import materials
from hieuhoc.registers.accounts.models import User

LINK = {"url": "https://example.org/lua", "language": "vi", "form": "video", "licence": "cc-by"}


def _share(cast: Cast, title: str = "Kỹ thuật trồng lúa", **columns: object) -> Material:
    return materials.share(by=cast.hue, unit=cast.commune, title=title, **{**LINK, **columns})  # type: ignore[arg-type]


@pytest.fixture
def activity(cast: Cast) -> Activity:
    return make_activity(make_provider(cast.commune), "Kỹ thuật trồng lúa")


# ---- rules -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rights", "licence"),
    [
        ("https://creativecommons.org/licenses/by-nc-sa/4.0/", "cc-by-nc-sa"),
        ("Giấy phép CC BY-SA 4.0", "cc-by-sa"),
        ("Creative Commons BY", "cc-by"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "cc0"),
        ("giữ mọi quyền", "reserved"),
        ("x" * 80, "x" * 60),
        ("https://creativecommons.org/licenses/nonsense/4.0/", "https://creativecommons.org/licenses/nonsense/4.0/"),
    ],
)
def test_words_about_rights_are_read_as_a_licence_where_they_name_one(rights: str, licence: str) -> None:
    assert rules.licence_of(["", rights]) == licence


def test_every_licence_form_and_language_comes_back_from_its_words_for_others() -> None:
    for code in rules.LICENCES:
        assert rules.licence_of([rules.rights_of(code)]) == code
    for code in rules.FORMS:
        assert rules.form_of([rules.type_of(code), code]) == code
    for code in rules.LANGUAGES:
        assert rules.language_of([code]) == code


@pytest.mark.parametrize("licence", ["", "reserved", "permitted", "© 2019"])
def test_a_file_is_handed_to_everybody_only_under_an_open_licence(licence: str) -> None:
    assert not rules.is_open(licence)
    assert rules.is_open("cc-by-nc-nd")


# ---- sharing -----------------------------------------------------------------------------------------


def test_a_link_is_shared_by_whoever_may_and_noted(cast: Cast) -> None:
    material = _share(cast, author="Lê Văn Bảy", topic=make_topic())
    assert material.field == "health"
    assert material.folded == "ky thuat trong lua le van bay"
    assert Entry.objects.filter(deed="learning.material.share").count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"url": ""}, "url"),
        ({"url": "ftp://example.org/a"}, "url"),
        ({"title": "  "}, "title"),
        ({"language": "xx"}, "language"),
        ({"form": "smell"}, "form"),
        ({"licence": ""}, "licence"),
        ({"field": "nothing"}, "field"),
    ],
)
def test_what_nobody_could_find_or_use_is_not_shared(cast: Cast, wrong: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        _share(cast, **wrong)
    assert refused.value.field == field
    assert not Material.objects.exists()


def test_a_file_is_judged_by_what_it_holds(cast: Cast) -> None:
    told = {**LINK, "url": ""}
    with pytest.raises(Invalid, match="không thuộc loại"):
        materials.share(by=cast.hue, unit=cast.commune, title="x", content=b"<html>x", file_name="a.pdf", **told)
    kept = materials.share(by=cast.hue, unit=cast.commune, title="x", content=b"%PDF-1.4", file_name="a.bat", **told)
    assert kept.file is not None
    assert kept.file.name.endswith(".pdf")


def test_nobody_shares_for_or_edits_what_is_another_units(cast: Cast) -> None:
    with pytest.raises(Missing):
        materials.share(by=cast.chi, unit=cast.commune, title="x", **LINK)
    with pytest.raises(Refused):
        materials.share(by=cast.lan, unit=cast.commune, title="x", **LINK)
    material = _share(cast)
    with pytest.raises(Missing):
        materials.edit(by=cast.chi, material=material, edition=1, title="y")
    with pytest.raises(Missing):
        materials.withdraw(by=cast.chi, material=material)


def test_an_edit_on_an_old_state_is_refused_and_one_that_changes_nothing_leaves_no_trace(cast: Cast) -> None:
    material = _share(cast)
    materials.edit(by=cast.hue, material=material, edition=1, title="Trồng lúa")
    with pytest.raises(Conflict):
        materials.edit(by=cast.hue, material=material, edition=1, title="Trồng ngô")
    materials.edit(by=cast.hue, material=material, edition=2, title="Trồng lúa")
    assert Entry.objects.filter(deed="learning.material.edit").count() == 1
    assert Material.objects.get().edition == 2


def test_what_is_withdrawn_is_found_by_nobody_and_comes_back(cast: Cast) -> None:
    material = _share(cast)
    materials.withdraw(by=cast.hue, material=material)
    with pytest.raises(Conflict):
        materials.withdraw(by=cast.hue, material=material)
    assert not selectors.find_materials(Wanted()).exists()
    with pytest.raises(Missing):
        selectors.material_by_pk(cast.chi, material.pk)
    assert selectors.material_by_pk(cast.hue, material.pk).is_withdrawn
    assert list(selectors.withdrawn(cast.hue)) == [material]
    assert not selectors.withdrawn(cast.chi).exists()
    materials.restore(by=cast.hue, material=material)
    assert selectors.find_materials(Wanted()).count() == 1


def test_what_came_from_a_repository_is_withdrawn_by_the_province_alone_and_edited_by_nobody(cast: Cast) -> None:
    repository = Repository.objects.create(name="Kho", address="https://example.org/oai")
    material = _share(cast)
    Material.objects.filter(pk=material.pk).update(unit=None, repository=repository, identifier="a")
    with pytest.raises(Refused):
        materials.withdraw(by=cast.hue, material=material)
    with pytest.raises(Invalid):
        materials.edit(by=cast.binh, material=material, edition=1, title="y")
    materials.withdraw(by=cast.binh, material=material)
    Material.objects.update(is_gone=True)
    with pytest.raises(Invalid, match="Kho nguồn đã xóa"):
        materials.restore(by=cast.binh, material=material)


# ---- finding -----------------------------------------------------------------------------------------


def test_materials_are_found_by_words_without_marks_and_by_every_filter(cast: Cast) -> None:
    topic = make_topic()
    lua = _share(cast, author="Lê Văn Bảy")
    sot = _share(cast, "Phòng bệnh", topic=topic, language="km", licence="reserved", form="text")
    found = {
        "words": selectors.find_materials(Wanted(text="trong LUA le")),
        "topic's words": selectors.find_materials(Wanted(text="sot xuat huyet")),
        "topic": selectors.find_materials(Wanted(topic=topic)),
        "field": selectors.find_materials(Wanted(field="health")),
        "language": selectors.find_materials(Wanted(language="km")),
        "licence": selectors.find_materials(Wanted(licence="reserved")),
        "open": selectors.find_materials(Wanted(licence="open")),
        "form": selectors.find_materials(Wanted(form="video")),
    }
    assert {name: [one.pk for one in rows] for name, rows in found.items()} == {
        "words": [lua.pk],
        "topic's words": [sot.pk],
        "topic": [sot.pk],
        "field": [sot.pk],
        "language": [sot.pk],
        "licence": [sot.pk],
        "open": [lua.pk],
        "form": [lua.pk],
    }


def test_uses_are_counted_once_a_class_and_sort_the_list(cast: Cast, activity: Activity) -> None:
    first, second = _share(cast, "A"), _share(cast, "B")
    materials.use(by=cast.hue, activity=activity, material=second)
    materials.use(by=cast.hue, activity=activity, material=second)
    rows = selectors.find_materials(Wanted(sort="-uses"))
    assert [(one.pk, one.used) for one in rows] == [(second.pk, 1), (first.pk, 0)]  # type: ignore[attr-defined]
    assert Entry.objects.filter(deed="learning.activity.add_material").count() == 1


# ---- in classes --------------------------------------------------------------------------------------


def test_whoever_runs_a_class_chooses_its_materials(cast: Cast, activity: Activity) -> None:
    material = _share(cast)
    with pytest.raises(Missing):
        materials.use(by=cast.chi, activity=activity, material=material)
    materials.use(by=cast.hue, activity=activity, material=material)
    assert list(selectors.materials_of(activity)) == [material]
    assert list(selectors.uses_of(cast.hue, material)) == [activity]
    assert not selectors.uses_of(cast.chi, material).exists()
    materials.stop_using(by=cast.hue, activity=activity, material=material)
    with pytest.raises(Conflict):
        materials.stop_using(by=cast.hue, activity=activity, material=material)


def test_a_withdrawn_material_is_used_in_no_new_class_and_shown_in_none(cast: Cast, activity: Activity) -> None:
    material = _share(cast)
    materials.use(by=cast.hue, activity=activity, material=material)
    materials.withdraw(by=cast.hue, material=material)
    other = make_activity(activity.provider)
    with pytest.raises(Invalid):
        materials.use(by=cast.hue, activity=other, material=material)
    assert not selectors.materials_of(activity).exists()
    assert MaterialUse.objects.count() == 1


# ---- pages -------------------------------------------------------------------------------------------


SignIn = Callable[[User], Client]


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_file_is_shared_changed_withdrawn_and_brought_back_on_the_pages(cast: Cast) -> None:
    client = _client(cast.hue)
    file = SimpleUploadedFile("bai-giang.txt", b"Bai giang so 1")
    sent = {
        "title": "Bài giảng",
        "unit": cast.commune.key,
        "form": "slides",
        "field": "economy",
        "language": "vi",
        "licence": "reserved",
    }
    assert client.post("/learning/materials/new/", sent).status_code == 422
    answer = client.post("/learning/materials/new/", {**sent, "file": file})
    material = Material.objects.get()
    assert answer.headers["Location"] == f"/learning/materials/{material.pk}/"
    assert b"bai-giang.txt" in client.get(f"/learning/materials/{material.pk}/edit/").content
    edited = client.post(
        f"/learning/materials/{material.pk}/edit/", {**sent, "title": "Bài giảng 2", "edition": material.edition}
    )
    assert edited.status_code == 302
    material.refresh_from_db()
    assert material.title == "Bài giảng 2"
    assert material.file is not None
    got = client.get(f"/learning/materials/{material.pk}/file/")
    assert b"".join(got.streaming_content) == b"Bai giang so 1"  # type: ignore[attr-defined]
    client.post(f"/learning/materials/{material.pk}/withdraw/")
    assert "Đưa trở lại" in client.get(f"/learning/materials/{material.pk}/").content.decode()
    assert client.get(f"/materials/{material.pk}/").status_code == 404
    client.post(f"/learning/materials/{material.pk}/restore/")
    assert client.get(f"/materials/{material.pk}/").status_code == 200


def test_the_list_comes_as_a_workbook_of_what_was_found(cast: Cast) -> None:
    _share(cast, "Trồng lúa")
    _share(cast, "Nuôi tôm")
    answer = _client(cast.xuan).get("/learning/materials/download/?q=lua")
    cells = [cell.value for row in load_workbook(BytesIO(answer.content)).active for cell in row]  # type: ignore[union-attr]
    assert "Trồng lúa" in cells
    assert "Nuôi tôm" not in cells


def test_a_class_takes_a_material_on_its_page_and_shows_it_to_everybody(cast: Cast, activity: Activity) -> None:
    client, material = _client(cast.hue), _share(cast, field="economy")
    page = f"/learning/activities/{activity.code}/"
    assert material.title in client.get(f"{page}materials/").content.decode()
    client.post(f"{page}materials/use/", {"material": material.pk})
    assert f"/learning/materials/{material.pk}/" in client.get(page).content.decode()
    assert f"/materials/{material.pk}/" in Client().get(f"/classes/{activity.code}/").content.decode()
    assert f"/classes/{activity.code}/" in Client().get(f"/materials/{material.pk}/").content.decode()
    client.post(f"{page}materials/{material.pk}/remove/")
    assert not MaterialUse.objects.exists()


@pytest.mark.parametrize("sent", ["", "abc", "²", "9" * 30, "-1"])
def test_odd_input_about_a_material_breaks_no_page(cast: Cast, activity: Activity, sent: str) -> None:
    client = _client(cast.hue)
    answer = client.post(f"/learning/activities/{activity.code}/materials/use/", {"material": sent})
    assert answer.status_code == 404
    asked = {"page": sent, "source": sent, "topic": sent, "field": sent, "sort": sent, "q": sent, "licence": sent}
    assert client.get("/learning/materials/", asked).status_code == 200
    assert Client().get("/materials/", asked).status_code == 200


def test_everybody_loads_a_file_only_where_its_licence_lets_them(cast: Cast) -> None:
    told = {"language": "vi", "form": "text", "content": b"Noi dung", "file_name": "a.txt"}
    shut = materials.share(by=cast.hue, unit=cast.commune, title="Kín", licence="reserved", **told)  # type: ignore[arg-type]
    free = materials.share(by=cast.hue, unit=cast.commune, title="Mở", licence="cc-by", **told)  # type: ignore[arg-type]
    assert Client().get(f"/materials/{shut.pk}/file/").status_code == 404
    assert f"/materials/{shut.pk}/file/" not in Client().get(f"/materials/{shut.pk}/").content.decode()
    got = Client().get(f"/materials/{free.pk}/file/")
    assert got.headers["Content-Disposition"].startswith("attachment")


def test_the_public_library_is_light_and_finds_by_words(cast: Cast) -> None:
    for number in range(30):
        _share(cast, f"Học liệu {number}")
    page = Client().get("/materials/?q=hoc+lieu")
    assert len(page.content) < 60_000
    assert "Học liệu 0" in page.content.decode()
