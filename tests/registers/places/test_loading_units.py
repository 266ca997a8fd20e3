"""Units out of any file of the house's form: what stands is left, what is wrong is told, nothing is half loaded."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from tests.factories import places as factory

from hieuhoc.foundation.records import trail
from hieuhoc.kernel.errors import Invalid
from hieuhoc.registers.places import rules, selectors, services
from hieuhoc.registers.places.models import Unit

HEAD = "key,code,name,level,kind,parent_code,valid_from,document"
PROVINCE = "tinh-a,01,Tỉnh A,province,tinh,,2019-01-01,"
DISTRICT = "huyen-b,001,Huyện B,district,huyen,01,2019-01-01,5/NQ"
COMMUNE = "xa-c,00001,Xã C,commune,xa,001,2019-01-01,"


def written(folder: Path, *lines: str, name: str = "units.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(["# Ghi chú", HEAD, *lines]) + "\n", encoding="utf-8")
    return path


def test_a_file_of_units_becomes_a_tree(db: None, tmp_path: Path) -> None:
    path = written(tmp_path, PROVINCE, DISTRICT, COMMUNE)
    assert services.load_units(files=[path]).units == 3
    commune = selectors.unit_by_code("00001", on=date(2020, 1, 1))
    assert [one.name for one in selectors.ancestors(commune, date(2020, 1, 1))] == ["Tỉnh A", "Huyện B"]
    assert selectors.unit_by_code("001", on=date(2020, 1, 1)).document == "5/NQ"
    assert trail.verify() is None


def test_paths_are_those_of_the_rules(kien_giang: Unit) -> None:
    for unit in Unit.objects.select_related("parent"):
        assert unit.path == unit.present_path == rules.path_under(unit.parent.path if unit.parent else "", unit.pk)


def test_hamlets_without_key_and_code_are_called_by_their_commune(db: None, tmp_path: Path) -> None:
    places = written(tmp_path, PROVINCE, DISTRICT, COMMUNE)
    hamlets = written(
        tmp_path,
        ",,Ấp Một,hamlet,ap,00001,2019-01-01,",
        ",,Ấp Một,hamlet,ap,00001,2019-01-01,",
        name="hamlets.csv",
    )
    assert services.load_units(files=[places]).units == 3
    assert services.load_units(files=[hamlets]).units == 2
    assert set(Unit.objects.filter(level="hamlet").values_list("key", flat=True)) == {"ap-mot-xa-c", "ap-mot-xa-c-2"}
    assert services.load_units(files=[places, hamlets]).units == 0


def test_what_stands_by_code_and_name_is_left_whatever_its_key(db: None, tmp_path: Path) -> None:
    province = factory.make_province("Tỉnh A", code="01")
    district = factory.make_district(province, "Huyện B", code="001")
    assert services.load_units(files=[written(tmp_path, PROVINCE, DISTRICT, COMMUNE)]).units == 1
    assert selectors.unit_by_code("00001", on=date(2020, 1, 1)).parent == district


@pytest.mark.parametrize(
    ("lines", "line", "column", "reason"),
    [
        ([PROVINCE, DISTRICT.replace(",01,", ",07,")], 4, "parent_code", "07"),
        ([PROVINCE, DISTRICT, DISTRICT.replace("huyen-b", "huyen-x")], 5, "code", "dòng 4"),
        ([PROVINCE, DISTRICT, DISTRICT.replace("001", "002")], 5, "key", "huyen-b"),
        ([PROVINCE, DISTRICT.replace(",huyen,", ",vung,")], 4, "kind", "vung"),
        ([PROVINCE, DISTRICT.replace(",huyen,", ",xa,")], 4, "kind", "cấp"),
        ([PROVINCE, DISTRICT.replace("district,huyen", "hamlet,ap")], 4, "parent_code", "cấp trên"),
        ([PROVINCE, DISTRICT.replace("2019-01-01", "1/1/2019")], 4, "valid_from", "1/1/2019"),
        ([PROVINCE, DISTRICT.replace("Huyện B", "")], 4, "name", "tên"),
        ([PROVINCE, DISTRICT + ",thừa"], 4, r"\*", "cột"),
        ([PROVINCE.replace("2019", "2021"), DISTRICT], 4, "parent_code", "01/01/2019"),
    ],
)
def test_a_wrong_line_is_told_with_its_column_and_changes_nothing(
    db: None, tmp_path: Path, lines: list[str], line: int, column: str, reason: str
) -> None:
    with pytest.raises(Invalid, match=rf"Tệp units\.csv, dòng {line}, cột {column}: .*{reason}"):
        services.load_units(files=[written(tmp_path, *lines)])
    assert not Unit.objects.exists()


def test_a_file_without_a_column_or_without_text_is_refused(db: None, tmp_path: Path) -> None:
    (tmp_path / "short.csv").write_text("key,code,name\na,1,A\n")
    (tmp_path / "picture.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Invalid, match="thiếu cột level"):
        services.load_units(files=[tmp_path / "short.csv"])
    for name in ("picture.csv", "nowhere.csv"):
        with pytest.raises(Invalid, match=name):
            services.load_units(files=[tmp_path / name])


def test_a_code_that_another_unit_holds_is_refused(db: None, tmp_path: Path) -> None:
    factory.make_province("Tỉnh Khác", code="01")
    with pytest.raises(Invalid, match=r"dòng 3, cột code: .*Tỉnh Khác"):
        services.load_units(files=[written(tmp_path, PROVINCE)])


def test_an_older_file_does_not_go_beneath_newer_history(kien_giang: Unit, tmp_path: Path) -> None:
    services.execute_shipped(until=date(2025, 7, 1))
    below_ended = ",,Ấp Một,hamlet,ap,31006,2020-01-01,"  # Xã Đông Thái of An Biên, merged on 1/7/2025
    below_moved = ",,Ấp Một,hamlet,ap,30826,2020-01-01,"  # Xã Bình Giang, which goes on beneath another province
    for line, reason in ((below_ended, "kết thúc"), (below_moved, "đổi cấp trên")):
        with pytest.raises(Invalid, match=reason):
            services.load_units(files=[written(tmp_path, line)])
    assert not Unit.objects.filter(level="hamlet").exists()
    later = written(tmp_path, below_moved.replace("2020-01-01", "2025-07-01"))
    assert services.load_units(files=[later]).units == 1


@pytest.mark.skipif(connection.vendor == "postgresql", reason="takes long, and asks nothing of one database alone")
def test_the_country_is_loaded_and_carried_over_beside_a_province_that_was_there(
    kien_giang: Unit, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hamlets = written(tmp_path, ",,Ấp Một,hamlet,ap,30742,2025-07-01,", name="hamlets.csv")
    call_command("load_country", hamlets=hamlets)
    told = capsys.readouterr().out
    assert "+10636 đơn vị" in told
    eve, day = selectors.counts_on(date(2025, 6, 30)), selectors.counts_on(date(2025, 7, 1))
    assert [eve.levels[level] for level in ("province", "district", "commune")] == [63, 696, 10035]
    assert [day.levels[level] for level in ("province", "district", "commune", "hamlet")] == [34, 0, 3321, 1]
    assert [day.kinds["commune", kind] for kind in ("xa", "phuong", "dac_khu")] == [2621, 687, 13]
    assert selectors.counts_on(factory.PLAN_DAY).levels["commune"] == 145
    # A province that goes on alone is the same life before and after.
    assert (
        selectors.unit_by_code("01", on=date(2025, 6, 30)).unit
        == selectors.unit_by_code("01", on=date(2025, 7, 1)).unit
    )
    call_command("load_country", hamlets=hamlets)
    assert "+0 đơn vị" in capsys.readouterr().out
