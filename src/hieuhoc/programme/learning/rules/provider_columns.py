"""The columns of the list of providers as a workbook, what a cell says, and what is read from it. No Django."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.learning.rules.kinds import PROVIDERS

# What a body has or is: unknown until somebody says yes or no.
FEATURES: Mapping[str, str] = {
    "is_model": "Trung tâm điểm",
    "with_culture_house": "Kết hợp nhà văn hóa",
    "own_premises": "Có trụ sở riêng",
    "has_seal": "Có con dấu",
    "has_internet": "Có internet",
    "has_bookshelf": "Có tủ sách cộng đồng",
    "has_sound": "Có loa đài",
    "uses_computing": "Ứng dụng CNTT",
}
COLUMNS: Mapping[str, str] = {
    "key": "Khóa",
    "kind": "Loại",
    "name": "Tên",
    "unit": "Mã đơn vị",
    "unit_name": "Xã, phường, thị trấn",
    "valid_from": "Thành lập từ ngày",
    "decision": "Quyết định, giấy phép",
    "decided_on": "Ngày quyết định",
    "decided_by": "Cơ quan quyết định",
    "licensed_to": "Giấy phép đến ngày",
    "address": "Địa chỉ",
    "latitude": "Vĩ độ",
    "longitude": "Kinh độ",
    "phone": "Điện thoại",
    "email": "Thư điện tử",
    "website": "Trang tin",
    "opening_hours": "Giờ mở cửa",
    "director": "Giám đốc",
    **FEATURES,
}
NEEDED = ("kind", "name", "unit", "valid_from")
_YES = frozenset({"co", "x", "1", "yes"})
_NO = frozenset({"khong", "0", "no"})
_KINDS = {fold(name): code for code, name in PROVIDERS.items()}


def write_answer(value: bool | None) -> str:
    """Yes, no or unknown as a cell says it."""
    return "" if value is None else "có" if value else "không"


def read_answer(text: str, field: str) -> bool | None:
    """Yes, no or unknown from a cell. Raises: Invalid with the field."""
    said = fold(text)
    if not said or said == "chua ro":
        return None
    if said in _YES or said in _NO:
        return said in _YES
    raise Invalid("“{text}” không phải là “có”, “không” hoặc để trống.", field=field, text=text[:40])


def read_kind(text: str) -> str:
    """The kind of a body by its name or code. Raises: Invalid."""
    if text in PROVIDERS:
        return text
    code = _KINDS.get(fold(text))
    if code is None:
        raise Invalid("Không có loại cơ sở “{text}”.", field="kind", text=text[:60])
    return code


def read_degrees(text: str, field: str) -> Decimal | None:
    """A latitude or longitude of Vietnam. Units: degrees. Raises: Invalid with the field."""
    if not text:
        return None
    try:
        value = Decimal(text.replace(",", ".")).quantize(Decimal("0.00001"))
    except InvalidOperation as problem:
        raise Invalid("“{text}” không phải là một số.", field=field, text=text[:40]) from problem
    least, most = (8, 24) if field == "latitude" else (102, 118)
    if not least <= value <= most:
        raise Invalid("Số này nằm ngoài Việt Nam. Vĩ độ từ 8 đến 24, kinh độ từ 102 đến 118.", field=field)
    return value
