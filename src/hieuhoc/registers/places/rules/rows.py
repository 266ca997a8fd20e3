"""One line of a reorganisation as somebody writes it, and what of it can be judged without the register."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.terms import Term

MERGE, DIVIDE, TRANSFER, ABOLISH, FORM = "merge", "divide", "transfer", "abolish", "form"
ACTS: Mapping[str, str] = {
    MERGE: Term("Nhập"),
    DIVIDE: Term("Chia"),
    TRANSFER: Term("Chuyển một phần"),
    "move": Term("Đổi cấp trên"),
    "rename": Term("Đổi tên"),
    "rekind": Term("Đổi loại"),
    "recode": Term("Đổi mã"),
    ABOLISH: Term("Bỏ cấp"),
    FORM: Term("Lập mới"),
}
ENDING = frozenset({MERGE, DIVIDE, ABOLISH})
"""After these the unit of the left side is no more."""
CHANGING = frozenset({"move", "rename", "rekind", "recode"})
"""After these the same life goes on, with what the right side says."""
PASSING = ENDING | {TRANSFER}
"""These give the left side, or a share of it, to the right side."""

# The columns of the workbook, in its order: the field of `Row`, and the heading.
COLUMNS: tuple[tuple[str, str], ...] = (
    ("act", "Cách sắp xếp"),
    ("source", "Mã cũ"),
    ("source_name", "Tên cũ"),
    ("target", "Mã mới"),
    ("target_name", "Tên mới"),
    ("target_kind", "Loại mới"),
    ("target_level", "Cấp mới"),
    ("target_parent", "Cấp trên mới"),
    ("target_key", "Khóa mới"),
    ("share", "Tỷ lệ"),
    ("is_estimated", "Ước tính"),
    ("takes_duties", "Nhận việc"),
    ("note", "Ghi chú"),
)

_SHARE = re.compile(r"(\d{1,12})\s*/\s*(\d{1,12})|(\d{1,12}(?:[.,]\d{1,12})?)\s*(%?)")


@dataclass(frozen=True)
class Row:
    """What becomes of a unit, or of a share of it; every text as it was typed."""

    act: str
    source: str = ""
    source_name: str = ""
    target: str = ""
    target_name: str = ""
    target_kind: str = ""
    target_level: str = ""
    target_parent: str = ""
    target_key: str = ""
    share: str = ""
    is_estimated: bool = False
    takes_duties: bool = False
    note: str = ""


@dataclass(frozen=True)
class Problem:
    """Why an event cannot be carried out: which row (0: the event as a whole), which field of it, the reason."""

    row: int
    column: str
    error: Invalid

    @property
    def heading(self) -> str:
        """The column as the workbook heads it; empty for the row as a whole."""
        return dict(COLUMNS).get(self.column, "")


def read_share(text: str) -> Fraction:
    """A share as people write it, exactly. Nothing written is the whole.

    Units: a fraction of one, more than 0 and at most 1.
    Raises: Invalid (field `share`).

    Example:
        >>> [str(read_share(text)) for text in ("", "1/3", "0,4", "12,5 %")]
        ['1', '1/3', '2/5', '1/8']
    """
    text = text.strip()
    if not text:
        return Fraction(1)
    found = _SHARE.fullmatch(text)
    if found is None or (found[2] is not None and not int(found[2])):
        raise Invalid("Không đọc được tỷ lệ “{text}”; hãy ghi như 1/2, 0,4 hoặc 40%.", field="share", text=text)
    if found[1] is not None:
        share = Fraction(int(found[1]), int(found[2]))
    else:
        share = Fraction(found[3].replace(",", ".")) / (100 if found[4] else 1)
    if not 0 < share <= 1:
        raise Invalid("Tỷ lệ “{text}” phải lớn hơn 0 và không quá 1.", field="share", text=text)
    return share


def write_share(share: Fraction) -> str:
    """A share as the workbook writes it.

    Example:
        >>> write_share(Fraction(1, 3)), write_share(Fraction(1))
        ('1/3', '1')
    """
    return str(share)
