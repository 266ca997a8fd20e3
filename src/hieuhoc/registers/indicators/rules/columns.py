"""The columns of the files in which definitions and targets leave the house and come back, each with its heading.

The headings are Vietnamese whatever the language of the screen: by them a file is recognised.
"""

from collections.abc import Mapping

DEFINITION_COLUMNS: Mapping[str, str] = {
    "family": "Nhóm",
    "code": "Mã",
    "name": "Tên",
    "name_en": "Tên tiếng Anh",
    "meaning": "Ý nghĩa, cách tính",
    "measure": "Đơn vị tính",
    "kind": "Loại",
    "formula": "Công thức",
    "numerator": "Tử số",
    "denominator": "Mẫu số",
    "over_places": "Theo địa bàn",
    "over_time": "Theo thời gian",
    "breakdowns": "Phân tổ",
    "levels": "Cấp",
    "reported_at": "Cấp báo",
    "calendar": "Lịch",
    "rhythms": "Kỳ",
    "decimals": "Số lẻ",
    "direction": "Chiều tốt",
    "fact": "Đếm từ",
    "is_key": "Chính",
    "valid_from": "Từ ngày",
    "source": "Nguồn",
    "source_url": "Địa chỉ nguồn",
    "note": "Ghi chú",
}
TARGET_COLUMNS: Mapping[str, str] = {
    "unit": "Mã đơn vị",
    "unit_name": "Tên đơn vị",
    "code": "Mã chỉ số",
    "name": "Tên chỉ số",
    "year": "Năm",
    "value": "Chỉ tiêu",
    "sign": "Đơn vị tính",
    "document": "Văn bản giao",
    "note": "Ghi chú",
    "set_by": "Người nhập",
}
