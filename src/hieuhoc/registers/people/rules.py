"""Words about people, and how a person's data are masked and told apart. No Django."""

from collections.abc import Mapping
from datetime import date

SEXES: Mapping[str, str] = {"female": "nữ", "male": "nam"}

# The ethnic groups of the delta first; whoever needs another adds a line.
ETHNICITIES: Mapping[str, str] = {
    "kinh": "Kinh",
    "khmer": "Khmer",
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
