"""Write the whole country of June 2025, and what became of it on 1/7/2025, into our own dated files.

    pip install --no-deps --target FOLDER vietnamadminunits==1.0.4
    python tools/places/country_2025.py FOLDER/vietnamadminunits

The event leaves out Kiên Giang and the old An Giang: they have a file of their own (see `an_giang_2025`), with what
became of their agencies. Both together make the 34 provinces and 3,321 communes of the country.
"""

import csv
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from places import package_2025 as package  # the path to the tools is set just above

OWN_EVENT = {"89", "91"}
UNITS_HEADER = """\
# Các đơn vị hành chính của cả nước trước ngày 1/7/2025: 63 tỉnh, thành phố; 696 đơn vị cấp huyện; 10.035 đơn vị cấp xã
# (7.692 xã, 1.726 phường, 617 thị trấn). Năm huyện đảo không có đơn vị cấp xã: Bạch Long Vĩ, Cồn Cỏ, Hoàng Sa, Lý Sơn,
# Côn Đảo. Nguồn: danh mục và mã số đơn vị hành chính của cơ quan thống kê nhà nước, trạng thái tháng 6/2025. Loại lấy
# từ tên. Tệp do tools/places/country_2025.py sinh ra; có thể sửa như dữ liệu.
# valid_from là ngày đầu tiên sổ đơn vị biết đến, không phải ngày thành lập. Giữa 4/1/2025 và tháng 6/2025 danh mục còn
# khác nhau ở vài chục đơn vị (chủ yếu ở Sơn La và Thành phố Hồ Chí Minh); tệp ghi trạng thái tháng 6/2025.
"""
EVENT_HEADER = """\
# Sắp xếp ngày 1/7/2025 trên cả nước, trừ Kiên Giang và An Giang (tệp an-giang-2025-07-01.csv): bỏ cấp huyện, 61 tỉnh,
# thành phố còn 33; đơn vị cấp xã còn 3.219 (cùng An Giang: 34 tỉnh, thành phố và 3.321 đơn vị cấp xã).
# Văn bản của từng tỉnh: CHƯA GHI. Đơn vị nào nhập vào đơn vị nào: theo bảng chuyển đổi mở, đối chiếu số lượng.
# Tỉnh, xã một mình đi tiếp thì giữ nguyên đời của mình: chỉ có dòng khi đổi tên, đổi loại hay đổi mã. Đơn vị cấp xã bị
# chia: tỷ lệ là của sổ này, chia đều, đánh dấu ước tính; nơi nhận việc theo bảng chuyển đổi.
# Tệp do tools/places/country_2025.py sinh ra; có thể sửa như dữ liệu.
"""


def check(units: Sequence[dict[str, str]], event: Sequence[dict[str, str]], country: package.Country) -> None:
    """That the totals are those of the country. Raises: SystemExit with what differs."""
    communes = [row for row in units if row["level"] == "commune"]
    package.demand("levels", package.counts(units, "level"), {"province": 63, "district": 696, "commune": 10035})
    package.demand("kinds", package.counts(communes, "kind"), {"xa": 7692, "phuong": 1726, "thi_tran": 617})
    new = [{"kind": one.kind, "level": one.level} for one in country.new.values()]
    package.demand("new levels", package.counts(new, "level"), {"province": 34, "commune": 3321})
    divided = [code for code, heirs in country.heirs.items() if len(heirs) > 1]
    package.demand("divided", (len(divided), len(country.heirs) - len(divided)), (471, 9569))
    ended = {row["source"] for row in event if row["act"] in ("merge", "divide", "abolish")}
    package.demand("of other provinces", {country.province_of(code) for code in ended} & OWN_EVENT, set())


def main(folder: str) -> None:
    """Read the package, check, write."""
    country = package.read(Path(folder))
    provinces = {code for code, place in country.old.items() if place.level == "province"}
    units = package.unit_rows(country, provinces)
    event = package.event_rows(country, provinces - OWN_EVENT)
    check(units, event, country)
    for name, header, columns, rows in (
        ("country-2025.csv", UNITS_HEADER, package.UNIT_COLUMNS, units),
        ("events/country-2025-07-01.csv", EVENT_HEADER, package.ROW_COLUMNS, event),
    ):
        with (package.DATA / name).open("w", encoding="utf-8", newline="") as out:
            out.write(header)
            writer = csv.DictWriter(out, fieldnames=columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        sys.stdout.write(f"{len(rows)} rows -> {name}\n")


if __name__ == "__main__":
    main(sys.argv[1])
