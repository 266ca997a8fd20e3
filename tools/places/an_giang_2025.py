"""Write the old An Giang of 30/6/2025 and the event of 1/7/2025 to the new An Giang into our own dated files.

    pip install --no-deps --target FOLDER vietnamadminunits==1.0.4
    python tools/places/an_giang_2025.py FOLDER/vietnamadminunits

The places of the event come out of the package (see `package_2025`); what becomes of the agencies is stated here.
"""

import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from places import package_2025 as package  # the path to the tools is set just above

KIEN_GIANG, AN_GIANG, NEW = "91", "89", "91"
COMMITTEE = "ubnd-tinh-an-giang-2025"
SCHOOLS, INTERIOR = "so-giao-duc-va-dao-tao-kien-giang", "so-noi-vu-kien-giang-2025"
LEARNING = "hoi-khuyen-hoc-tinh-kien-giang"
TO_CONFIRM = "Cần cơ quan pháp chế xác nhận"
UNITS_HEADER = """\
# Các đơn vị hành chính của tỉnh An Giang (cũ, mã 89) tại ngày 30/6/2025: 11 đơn vị cấp huyện, 155 đơn vị cấp xã
# (110 xã, 27 phường, 18 thị trấn). Nguồn: danh mục và mã số đơn vị hành chính của cơ quan thống kê nhà nước.
# Loại lấy từ tên. Tệp do tools/places/an_giang_2025.py sinh ra; có thể sửa như dữ liệu.
# valid_from là ngày đầu tiên sổ đơn vị biết đến trạng thái này, không phải ngày thành lập: danh mục ngày 4/1/2025 và
# tháng 6/2025 của tỉnh này chỉ khác nhau ở chính tả hai tên. document trống nghĩa là chưa biết văn bản.
"""
EVENT_HEADER = """\
# Sắp xếp ngày 1/7/2025: tỉnh Kiên Giang (mã 91) và tỉnh An Giang (mã 89) thành tỉnh An Giang mới (mã 91); bỏ cấp huyện
# (15 + 11 đơn vị); 143 + 155 đơn vị cấp xã thành 102 (85 xã, 14 phường, 3 đặc khu).
# Văn bản: cấp xã theo Nghị quyết 1654/NQ-UBTVQH15 (đã xác nhận); nghị quyết của Quốc hội về cấp tỉnh: CHƯA RÕ số.
# Đơn vị nào nhập vào đơn vị nào: đã xác nhận (cơ quan thống kê nhà nước; đối chiếu số lượng và từng phần với báo chí).
# Sáu xã giữ nguyên không có dòng nào: Mỹ Hòa Hưng, Bình Giang, Bình Sơn, Hòn Nghệ, Sơn Hải, Tiên Hải.
# Ba xã, phường cũ của An Giang bị chia: tỷ lệ là của sổ này, chia đều, đánh dấu ước tính; cách chia và nơi nhận việc có
# thể sửa. Cơ quan: các dòng ở cuối tệp, theo chức năng; chỗ nào chưa chắc thì ghi chú nói rõ.
# Tệp do tools/places/an_giang_2025.py sinh ra; có thể sửa như dữ liệu.
"""


def agency_rows(country: package.Country) -> Iterator[dict[str, str]]:
    """What becomes of the agencies that are called by their place or belong to the level that ends.

    All others go to the new province with their names, and the committees of communes go where their communes go.
    """
    described = {
        "target": COMMITTEE,
        "target_name": "Ủy ban nhân dân tỉnh An Giang",
        "target_kind": "uy_ban",
        "target_level": "agency",
        "target_parent": NEW,
    }
    for source in ("ubnd-tinh-kien-giang", "ubnd-tinh-an-giang"):
        yield {"act": "merge", "source": source} | described  # in full twice: a register may know one of them only
    keys = package.old_keys(country)
    for code, place in sorted(country.old.items()):
        if place.level == "district" and place.parent in (KIEN_GIANG, AN_GIANG):
            # Phú Quốc keeps the life, and so the key, that it had as a huyện.
            key = keys[code] if code != "911" else "huyen-phu-quoc-kien-giang"
            yield {"act": "abolish", "source": f"ubnd-{key}", "target": COMMITTEE}
            if place.parent == KIEN_GIANG:
                yield {"act": "abolish", "source": f"phong-gddt-{key}", "target": SCHOOLS}
                yield {"act": "abolish", "source": f"phong-ldtbxh-{key}", "target": INTERIOR, "note": TO_CONFIRM}
                yield {"act": "abolish", "source": f"hoi-khuyen-hoc-{key}", "target": LEARNING}
    for source, name in (
        ("bao-kien-giang", "Báo An Giang"),
        ("dai-phat-thanh-va-truyen-hinh-kien-giang", "Đài Phát thanh và Truyền hình An Giang"),
        ("cong-thong-tin-dien-tu-kien-giang", "Cổng Thông tin điện tử An Giang"),
    ):
        yield {"act": "rename", "source": source, "target_name": name, "note": TO_CONFIRM}


def check(units: Sequence[dict[str, str]], event: Sequence[dict[str, str]], country: package.Country) -> None:
    """That the totals are those of the time. Raises: SystemExit with what differs."""
    communes = [row for row in units if row["level"] == "commune"]
    package.demand("levels", package.counts(units, "level"), {"province": 1, "district": 11, "commune": 155})
    package.demand("kinds", package.counts(communes, "kind"), {"xa": 110, "phuong": 27, "thi_tran": 18})
    new = [{"kind": one.kind} for one in country.new.values() if one.parent == NEW]
    package.demand("new kinds", package.counts(new, "kind"), {"xa": 85, "phuong": 14, "dac_khu": 3})
    divided = {row["source"] for row in event if row["act"] == "divide"}
    package.demand("divided", divided, {"30334", "30355", "30358"})


def main(folder: str) -> None:
    """Read the package, check, write."""
    country = package.read(Path(folder))
    units = package.unit_rows(country, [AN_GIANG])
    event = package.event_rows(country, [KIEN_GIANG, AN_GIANG])
    check(units, event, country)
    event += [dict.fromkeys(package.ROW_COLUMNS, "") | row for row in agency_rows(country)]
    for name, header, columns, rows in (
        ("an-giang-2025.csv", UNITS_HEADER, package.UNIT_COLUMNS, units),
        ("events/an-giang-2025-07-01.csv", EVENT_HEADER, package.ROW_COLUMNS, event),
    ):
        with (package.DATA / name).open("w", encoding="utf-8", newline="") as out:
            out.write(header)
            writer = csv.DictWriter(out, fieldnames=columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        sys.stdout.write(f"{len(rows)} rows -> {name}\n")


if __name__ == "__main__":
    main(sys.argv[1])
