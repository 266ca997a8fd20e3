"""Write where the units of our files lie: one point each, for maps that keep the neighbourhood.

    pip install --no-deps --target FOLDER vietnamadminunits==1.0.4
    python tools/places/points.py FOLDER/vietnamadminunits

Only facts are taken from the package (latitude and longitude under an official code); it is neither a dependency nor
copied. A point is taken over where code and name agree; a unit that ended before June 2025 and is not in the package
gets none, and stands beside the map. Points farther from their district than any unit can be are left out too.
"""

import csv
import math
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools")]

from places.kien_giang_2020 import spelled  # noqa: E402  # the path to the tools is set just above
from places.package_2025 import DATA, KINDS, new_keys, read  # noqa: E402  # as above

from hieuhoc.kernel.vietnamese import fold  # noqa: E402  # as above

TARGET = DATA / "points.csv"
FILES = ("kien-giang-2020.csv", "an-giang-2025.csv")
EVENTS = ("phu-quoc-2021-03-01.csv", "rach-gia-2025-01-04.csv")
NEW_PROVINCE = "91"
FARTHEST = 120.0  # kilometres between a commune and the point of its district: the sea of Phú Quốc and Thổ Châu is wide
HEADER = """\
# Một điểm trong mỗi đơn vị hành chính (vĩ độ, kinh độ, độ thập phân, WGS 84), để vẽ bản đồ ô giữ vị trí lân cận; không
# phải ranh giới, không dùng để đo. Nguồn: gói dữ liệu mở vietnamadminunits 1.0.4 (giấy phép MIT), đối chiếu theo mã và
# tên. Đơn vị không có trong gói thì không có điểm và đứng cạnh bản đồ. Tệp do tools/places/points.py sinh ra.
"""


class Point(NamedTuple):
    """Where a unit lies, in degrees."""

    latitude: float
    longitude: float


def _bare(name: str) -> str:
    folded = fold(spelled(name))
    label = next((fold(label) for label in KINDS if folded.startswith(f"{fold(label)} ")), "")
    return folded.removeprefix(label).strip()


def _old_points(base: sqlite3.Connection) -> dict[tuple[str, str], Point]:
    """The points of June 2025 by code and bare name."""
    found: dict[tuple[str, str], Point] = {}
    for row in base.execute("SELECT * FROM admin_units_legacy"):
        for level in ("province", "district", "ward"):
            code, name = row[f"{level}Code"], row[level]
            place = (row[f"{level}Lat"], row[f"{level}Lon"])
            if code and name and None not in place:
                found[code, _bare(name)] = Point(*place)
    return found


def _kilometres(one: Point, other: Point) -> float:
    across = (one.longitude - other.longitude) * math.cos(math.radians(one.latitude))
    return 111.2 * math.hypot(one.latitude - other.latitude, across)


def _old_rows(points: dict[tuple[str, str], Point]) -> Iterator[tuple[str, str, Point | None]]:
    for name in FILES:
        with (DATA / name).open(encoding="utf-8") as file:
            rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
        by_code = {row["code"]: row for row in rows}
        for row in rows:
            point = points.get((row["code"], _bare(row["name"])))
            above = by_code.get(row["parent_code"])
            over = points.get((above["code"], _bare(above["name"]))) if above and above["level"] == "district" else None
            if point and over and _kilometres(point, over) > FARTHEST:
                point = None
            yield row["key"], row["code"], point


def _formed_rows(points: dict[tuple[str, str], Point]) -> Iterator[tuple[str, str, Point | None]]:
    """Units that an event before 1/7/2025 formed."""
    for name in EVENTS:
        with (DATA / "events" / name).open(encoding="utf-8") as file:
            for row in csv.DictReader(line for line in file if not line.startswith("#")):
                if row["target_key"] and row["target_level"] == "commune":
                    yield row["target_key"], row["target"], points.get((row["target"], _bare(row["target_name"])))


def _new_rows(folder: Path, base: sqlite3.Connection) -> Iterator[tuple[str, str, Point | None]]:
    country = read(folder)
    keys = new_keys(country)
    query = "SELECT wardCode, wardLat, wardLon FROM admin_units WHERE provinceCode = ? ORDER BY wardCode"
    for code, latitude, longitude in base.execute(query, (NEW_PROVINCE,)):
        yield keys[code], code, Point(latitude, longitude) if latitude and longitude else None


def main(folder: str) -> None:
    """Read the package, match, write."""
    base = sqlite3.connect(f"file:{Path(folder) / 'data/dataset.db'}?mode=ro", uri=True)
    base.row_factory = sqlite3.Row
    points = _old_points(base)
    rows = {key: (code, point) for key, code, point in _old_rows(points)}
    for key, code, point in (*_formed_rows(points), *_new_rows(Path(folder), base)):
        rows.setdefault(key, (code, point))
    with TARGET.open("w", encoding="utf-8", newline="") as out:
        out.write(HEADER)
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("unit", "code", "latitude", "longitude"))
        for key, (code, point) in rows.items():
            if point:
                writer.writerow((key, code, f"{point.latitude:.5f}", f"{point.longitude:.5f}"))
    without = sorted(key for key, (_code, point) in rows.items() if point is None)
    sys.stdout.write(f"{len(rows) - len(without)} points -> {TARGET.relative_to(ROOT)}; none for {without}\n")


if __name__ == "__main__":
    main(sys.argv[1])
