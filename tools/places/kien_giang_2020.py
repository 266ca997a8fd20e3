"""Write the administrative units of Kiên Giang as they stood on 17/9/2020 into our own dated file.

    pip download --no-deps vietnam-provinces==0.2.1 -d FOLDER
    python tools/places/kien_giang_2020.py FOLDER/vietnam_provinces-0.2.1-py3-none-any.whl

Only facts are taken from the package (names, official codes, kinds); it is neither a dependency nor copied. Release
0.2.1 is the last that shows the province before 1/3/2021. Spelling is made one ("Hoà" and "Hòa" are the same word),
codes get their full width, and the whole is checked against the counts of the time before anything is written.
"""

import csv
import json
import sys
import zipfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "src"))

from hieuhoc.kernel.vietnamese import one_spelling  # noqa: E402  # the path to the sources is set just above
from hieuhoc.registers.places import rules  # noqa: E402  # as above

TARGET = ROOT / "src/hieuhoc/registers/places/data/kien-giang-2020.csv"
MEMBER = "vietnam_provinces/data/nested-divisions.json"
PROVINCE_CODE = 91
# From this day on the province had the 15 districts and 145 communes it still had on 17/9/2020. A unit without a
# document was there before: the file says since when the register knows it, not when it was founded.
KNOWN_SINCE = "2018-11-01"
DOCUMENTS = dict.fromkeys(("900", "30778"), "573/NQ-UBTVQH14")  # Hà Tiên becomes a city, Mỹ Đức a ward
COMMUNES_OF_DISTRICT = {
    "899": 12, "900": 7, "902": 8, "903": 14, "904": 11, "905": 10, "906": 19, "907": 11,
    "908": 9, "909": 11, "910": 8, "911": 10, "912": 4, "913": 6, "914": 5,
}  # fmt: skip
COMMUNES_OF_KIND = {"xa": 117, "phuong": 16, "thi_tran": 12}
KINDS = {
    "tỉnh": "tinh", "thành phố": "thanh_pho", "huyện": "huyen", "xã": "xa", "phường": "phuong", "thị trấn": "thi_tran",
}  # fmt: skip
HEADER = """\
# Các đơn vị hành chính của tỉnh Kiên Giang tại ngày 17/9/2020 (15 đơn vị cấp huyện, 145 đơn vị cấp xã).
# Nguồn: danh mục và mã số đơn vị hành chính của cơ quan thống kê nhà nước, đối chiếu số lượng theo cấp huyện và theo
# loại với Nghị quyết 573/NQ-UBTVQH14. Tệp do tools/places/kien_giang_2020.py sinh ra; có thể sửa như dữ liệu.
# valid_from là ngày đầu tiên sổ đơn vị biết đến trạng thái này; document trống nghĩa là đơn vị đã có từ trước.
"""


def spelled(name: str) -> str:
    """The name in the usual spelling, its capitals kept, and the word for the kind written as a word."""
    pairs = zip(name, one_spelling(name), strict=True)
    name = "".join(after.upper() if before.isupper() else after for before, after in pairs)
    return name.replace("Thị Trấn", "Thị trấn").replace("Thị Xã", "Thị xã")


def row_of(entry: dict[str, Any], *, width: int, level: str, parent: str, above: list[str]) -> dict[str, str]:
    """One line of the file out of one entry of the package."""
    name, kind, code = spelled(entry["name"]), KINDS[entry["division_type"]], f"{entry['code']:0{width}d}"
    return {
        "key": rules.key_for([name, *above], taken=()),
        "code": code,
        "name": name,
        "level": level,
        "kind": kind,
        "parent_code": parent,
        "valid_from": KNOWN_SINCE,
        "document": DOCUMENTS.get(code, ""),
    }


def rows_from(provinces: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The province, its districts and its communes, each parent before its children."""
    province = next(one for one in provinces if one["code"] == PROVINCE_CODE)
    short = "Kiên Giang"
    rows = [row_of(province, width=2, level="province", parent="", above=[])]
    rows += [row_of(one, width=3, level="district", parent="91", above=[short]) for one in province["districts"]]
    for district in province["districts"]:
        bare = rules.bare_name(spelled(district["name"]), kind_label=district["division_type"])
        for commune in district["wards"]:
            parent = f"{district['code']:03d}"
            rows.append(row_of(commune, width=5, level="commune", parent=parent, above=[bare, short]))
    return rows


def check(rows: list[dict[str, str]]) -> None:
    """That the counts are those of the time, and that keys and codes are used once.

    Raises: SystemExit with what differs.
    """
    communes = [row for row in rows if row["level"] == "commune"]
    counts: list[tuple[str, Mapping[str, int], Mapping[str, int]]] = [
        ("communes of districts", Counter(row["parent_code"] for row in communes), COMMUNES_OF_DISTRICT),
        ("communes of kinds", Counter(row["kind"] for row in communes), COMMUNES_OF_KIND),
    ]
    for what, counted, expected in counts:
        if dict(counted) != dict(expected):
            raise SystemExit(f"{what}: expected {dict(expected)}, found {dict(counted)}")
    for column in ("key", "code"):
        if len({row[column] for row in rows}) != len(rows):
            raise SystemExit(f"a {column} is used twice")


def main(wheel: str) -> None:
    """Read the package, check, write."""
    with zipfile.ZipFile(wheel) as package:
        rows = rows_from(json.loads(package.read(MEMBER)))
    check(rows)
    with TARGET.open("w", encoding="utf-8", newline="") as out:
        out.write(HEADER)
        writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    sys.stdout.write(f"{len(rows)} units -> {TARGET.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main(sys.argv[1])
