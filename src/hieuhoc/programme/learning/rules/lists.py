"""A list of learners as a workbook: its columns, and what the words in them mean. No Django."""

from collections.abc import Mapping

from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.registers.people import rules as people

COLUMNS: Mapping[str, str] = {
    "name": "Họ và tên",
    "birth_year": "Năm sinh",
    "birth_on": "Ngày sinh",
    "sex": "Giới tính",
    "phone": "Điện thoại",
    "unit": "Nơi ở",
    "identity": "Số định danh",
    "ethnicity": "Dân tộc",
}
NEEDED = ("name",)
MOST_ROWS = 20_000
MOST_ASKED = 500
"""So many rows that may be somebody known are put to a human at one go."""

_SEXES = {"nu": "female", "nam": "male", "f": "female", "m": "male"}
_ETHNICITIES = {fold(name): key for key, name in people.ETHNICITIES.items()} | {"khac": "other", "khmer": "khmer"}


def sex_of(text: str) -> str:
    """The sex that a cell says; empty where it says nothing. Raises: Invalid (field `sex`)."""
    if text and fold(text) not in _SEXES:
        raise Invalid("Ghi “nam” hoặc “nữ”.", field="sex")
    return _SEXES[fold(text)] if text else ""


def ethnicity_of(text: str) -> str:
    """The ethnic group that a cell says; empty where it says nothing. Raises: Invalid (field `ethnicity`)."""
    if text and fold(text) not in _ETHNICITIES:
        listed = ", ".join(people.ETHNICITIES.values())
        raise Invalid(
            "Không nhận ra dân tộc “{text}”. Các tên dùng được: {listed}.",
            field="ethnicity",
            text=text[:40],
            listed=listed,
        )
    return _ETHNICITIES[fold(text)] if text else ""


def year_of(text: str) -> int | None:
    """The year of birth in a cell; None in an empty one. Raises: Invalid (field `birth_year`)."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) == 4):
        raise Invalid("Năm sinh gồm bốn chữ số, ví dụ 1985.", field="birth_year")
    return int(text)


def phone_in(text: str) -> str:
    """The telephone number in a cell: where Excel took it for a number, its first zero is put back.

    Example:
        >>> phone_in("912345678")
        '0912345678'
    """
    digits = text.replace(".", "").replace(" ", "")
    return people.phone_of(f"0{digits}" if digits.isdecimal() and len(digits) == 9 and digits[0] != "0" else text)
