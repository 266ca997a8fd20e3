"""Words about people, and how a person's data are masked and told apart. No Django."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from hieuhoc.kernel import vietnamese
from hieuhoc.kernel.errors import Invalid

SEXES: Mapping[str, str] = {"female": "nữ", "male": "nam"}

# The ethnic groups of the delta first; whoever needs another adds a line.
ETHNICITIES: Mapping[str, str] = {
    "kinh": "Kinh",
    "khmer": "Khơ-me",  # "Khmer" is the name of a language in the catalogue of Django
    "hoa": "Hoa",
    "cham": "Chăm",
    "tay": "Tày",
    "muong": "Mường",
    "nung": "Nùng",
    "thai": "Thái",
    "other": "dân tộc khác",
}
MAJORITY = "kinh"

# Lower bounds of the age bands in which learners are counted; the last has no upper bound.
AGE_BANDS: Mapping[str, tuple[int, int | None]] = {
    "0-14": (0, 15),
    "15-25": (15, 26),
    "26-35": (26, 36),
    "36-60": (36, 61),
    "61": (61, None),
}


def is_minority(ethnicity: str) -> bool | None:
    """Whether somebody belongs to an ethnic minority; None where it is not known."""
    return None if not ethnicity else ethnicity != MAJORITY


def age_band(birth_year: int | None, *, on: date) -> str:
    """The band of the age that somebody reaches in the year of a day; empty where the year of birth is unknown.

    Example:
        >>> age_band(1990, on=date(2020, 11, 16)), age_band(None, on=date(2020, 11, 16))
        ('26-35', '')
    """
    if birth_year is None:
        return ""
    age = on.year - birth_year
    return next((band for band, (low, high) in AGE_BANDS.items() if low <= age and (high is None or age < high)), "")


def masked_phone(phone: str) -> str:
    """A telephone number of which only the ends are shown.

    Example:
        >>> masked_phone("0912345678")
        '091****678'
    """
    return f"{phone[:3]}****{phone[-3:]}" if len(phone) >= 8 else "*" * len(phone)


FORGOTTEN = "Người học đã được xóa tên"
"""What stands in the place of the name of somebody whose data were deleted on request."""


def name_of(text: str) -> str:
    """A name as it is kept. Raises: Invalid (field `name`) when it is none."""
    name = vietnamese.squeeze(text)
    if len(name) > 120 or sum(letter.isalpha() for letter in name) < 2 or any(letter.isdigit() for letter in name):
        raise Invalid("Hãy ghi họ và tên bằng chữ, không quá 120 ký tự.", field="name")
    return name


def order_of(name: str) -> str:
    """The key by which names stand in a list: by the given name, which comes last, then by the whole.

    Example:
        >>> sorted(["Trần Văn Bé", "Lê Thị Út", "Nguyễn An"], key=order_of)
        ['Nguyễn An', 'Trần Văn Bé', 'Lê Thị Út']
    """
    words = name.split()
    return vietnamese.sort_key(" ".join(words[-1:] + words[:-1]))[:400]


def phone_of(text: str) -> str:
    """A telephone number as it is kept, in digits from 0; empty where none is given. Raises: Invalid (field `phone`).

    Example:
        >>> phone_of("+84 912.345.678"), phone_of("")
        ('0912345678', '')
    """
    digits = re.sub(r"[\s.\-()]", "", text)
    if not digits:
        return ""
    digits = re.sub(r"^(\+84|0084|84(?=\d{9}$))", "0", digits)
    if not re.fullmatch(r"0[0-9]{9,10}", digits, re.ASCII):
        raise Invalid("Số điện thoại gồm 10 chữ số, bắt đầu bằng 0, ví dụ 0912345678.", field="phone")
    return digits


def identity_of(text: str) -> str:
    """The number of an identity card in digits; empty where none is given. Raises: Invalid (field `identity`)."""
    digits = re.sub(r"[\s.\-]", "", text)
    if digits and not re.fullmatch(r"[0-9]{9}|[0-9]{12}", digits, re.ASCII):
        raise Invalid("Số định danh gồm 12 chữ số (hoặc 9 chữ số của giấy cũ).", field="identity")
    return digits


def birth_of(year: int | None, day: date | None, *, on: date) -> int | None:
    """The year of birth that a year and a day of birth say together, as seen on a day.

    Raises: Invalid (field `birth_year` or `birth_on`) when it lies before 1900 or after that day, or the two differ.
    """
    if day is not None and year is not None and day.year != year:
        raise Invalid("Ngày sinh và năm sinh không khớp nhau.", field="birth_on")
    if day is not None and day > on:
        raise Invalid("Ngày sinh không thể ở sau hôm nay.", field="birth_on")
    born = day.year if day is not None else year
    if born is not None and not 1900 <= born <= on.year:
        raise Invalid("Năm sinh phải từ 1900 đến {year}.", field="birth_year", year=on.year)
    return born


@dataclass(frozen=True)
class Said:
    """What is said of somebody who may be in the register: the least by which people are told apart.

    `place` is the path of the commune where they live, empty where it is not known; `digests` are those of their
    identity number; `phone` is one that they have shown to be theirs.
    """

    folded: str
    birth_year: int | None = None
    place: str = ""
    digests: tuple[str, ...] = ()
    phone: str = ""


def likeness(said: Said, known: Said) -> str:
    """Whether somebody of whom this is said is one who is known: "certain", "perhaps" or "" (somebody else).

    Certain is the same identity number, or the same telephone number with the same name and year of birth. Whoever
    has another identity number is somebody else. For the rest the same name is needed, and neither the year of birth
    nor the place may differ where both are known; one of the two must be known.

    Example:
        >>> likeness(Said("le thi a", 1980, "1/2/"), Said("le thi a", 1980, "1/2/"))
        'perhaps'
        >>> likeness(Said("le thi a", 1980), Said("le thi a", 1981))
        ''
    """
    if said.digests and known.digests:
        return "certain" if set(said.digests) & set(known.digests) else ""
    if not said.folded or said.folded != known.folded:
        return ""
    same_year = said.birth_year is not None and said.birth_year == known.birth_year
    same_place = bool(said.place) and said.place == known.place
    if same_year and said.phone and said.phone == known.phone:
        return "certain"
    if (said.birth_year is not None and known.birth_year is not None and not same_year) or (
        said.place and known.place and not same_place
    ):
        return ""
    return "perhaps" if same_year or same_place else ""
