"""How a figure is broken down: by sex, by age; and the one way in which a part is named: "age=15-25,sex=female"."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hieuhoc.kernel.errors import Invalid

CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
VALUE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}")


@dataclass(frozen=True)
class BreakdownValue:
    """One part of a breakdown: "female", nữ."""

    code: str
    name: str
    name_en: str = ""

    def __post_init__(self) -> None:
        if not VALUE.fullmatch(self.code):
            raise Invalid("Mã “{code}” chỉ gồm chữ thường không dấu, chữ số, gạch nối.", field="values", code=self.code)
        if not self.name.strip():
            raise Invalid("Giá trị “{code}” của phân tổ chưa có tên.", field="values", code=self.code)


@dataclass(frozen=True)
class Breakdown:
    """A way of breaking figures down, with its parts.

    `is_complete`: the parts together make the whole (women and men); else they are some of it (an ethnic minority).
    `is_open`: the parts are not settled by any source; those who keep the indicators add them.
    """

    code: str
    name: str
    values: tuple[BreakdownValue, ...] = ()
    name_en: str = ""
    is_complete: bool = False
    is_open: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        if not CODE.fullmatch(self.code):
            raise Invalid("Mã phân tổ “{code}” chỉ gồm chữ thường không dấu, chữ số, gạch dưới.", code=self.code)
        if not self.name.strip():
            raise Invalid("Phân tổ “{code}” chưa có tên.", field="name", code=self.code)
        known = [value.code for value in self.values]
        if len(set(known)) != len(known):
            raise Invalid("Phân tổ “{name}” có hai giá trị cùng mã.", field="values", name=self.name)
        if not self.values and not self.is_open:
            raise Invalid("Phân tổ “{name}” chưa có giá trị nào.", field="values", name=self.name)

    def named(self, value: str) -> str:
        """What a part is called."""
        return next((one.name for one in self.values if one.code == value), value)


def read_by(text: str) -> str:
    """The one spelling of a part that somebody wrote: keys sorted, no blanks.

    Raises: Invalid.

    Example:
        >>> read_by(" sex=female , age=15-25")
        'age=15-25,sex=female'
    """
    chosen: dict[str, str] = {}
    for piece in filter(None, (one.strip() for one in text.split(","))):
        key, equals, value = (one.strip().lower() for one in piece.partition("="))
        if not equals or not CODE.fullmatch(key) or not VALUE.fullmatch(value):
            raise Invalid("Phân tổ viết như sex=female, không phải “{piece}”.", piece=piece)
        if key in chosen:
            raise Invalid("Phân tổ “{key}” được chọn hai lần.", key=key)
        chosen[key] = value
    return write_by(chosen)


def write_by(chosen: Mapping[str, str]) -> str:
    """The name of a part from its choices."""
    return ",".join(f"{key}={chosen[key]}" for key in sorted(chosen))


def chosen_by(by: str) -> dict[str, str]:
    """The choices that the name of a part makes."""
    return dict(piece.split("=", 1) for piece in by.split(",")) if by else {}


def check_by(by: str, *, breakdowns: Sequence[str], known: Mapping[str, Breakdown]) -> None:
    """That a figure with these breakdowns has this part. Raises: Invalid."""
    for key, value in chosen_by(by).items():
        if key not in breakdowns:
            raise Invalid("Chỉ số này không phân tổ theo “{key}”.", key=known[key].name if key in known else key)
        dimension = known.get(key)
        if dimension is None:
            raise Invalid("Không có phân tổ “{key}”.", key=key)
        if dimension.values and all(one.code != value for one in dimension.values):
            raise Invalid("Phân tổ “{name}” không có giá trị “{value}”.", name=dimension.name, value=value)


def by_words(by: str, known: Mapping[str, Breakdown]) -> str:
    """A part as it is said: "nữ, 15–25 tuổi"."""
    said = []
    for key, value in chosen_by(by).items():
        dimension = known.get(key)
        said.append(dimension.named(value) if dimension else f"{key}={value}")
    return ", ".join(said)
