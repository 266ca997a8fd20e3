"""In what an indicator is measured (persons, classes, đồng, percent), what adds to what, how it is written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.terms import Term
from hieuhoc.kernel.vietnamese import write_number

PERCENT = "percent"
MILLION = 1_000_000


@dataclass(frozen=True)
class Dimension:
    """What a number counts, as powers of the things counted: persons, đồng per person, percent, or a bare number.

    Percent is a dimension of its own, so that a share is never added to a count.

    Example:
        >>> of("dong") / of("person") == Dimension((("dong", 1), ("person", -1)))
        True
        >>> (of("person") / of("person")).is_bare
        True
    """

    powers: tuple[tuple[str, int], ...] = ()

    @property
    def is_bare(self) -> bool:
        return not self.powers

    def __mul__(self, other: "Dimension") -> "Dimension":
        powers = dict(self.powers)
        for thing, power in other.powers:
            powers[thing] = powers.get(thing, 0) + power
        return Dimension(tuple(sorted((thing, power) for thing, power in powers.items() if power)))

    def __truediv__(self, other: "Dimension") -> "Dimension":
        return self * Dimension(tuple((thing, -power) for thing, power in other.powers))

    @property
    def words(self) -> str:
        """The dimension as it is said: "người", "đồng/người", "số"."""
        above = [_thing_words(thing, power) for thing, power in self.powers if power > 0]
        below = [_thing_words(thing, -power) for thing, power in self.powers if power < 0]
        if not above and not below:
            return Term("số")
        return "/".join(["·".join(above) or "1", *below])


BARE = Dimension()


def of(*things: str) -> Dimension:
    """The dimension of a product of things."""
    return Dimension(tuple(sorted((thing, things.count(thing)) for thing in set(things))))


@dataclass(frozen=True)
class Measure:
    """A measure: its code, what it is called in full and beside a number, what it counts, how many of it one shows.

    `scale` is how many of what is counted make one of what is shown: money is counted in đồng and may be shown in
    million đồng. `is_whole` says that the figure itself is a whole number, as is every count.
    """

    code: str
    name: str
    sign: str
    dimension: Dimension
    scale: int = 1
    is_whole: bool = True
    is_people: bool = False

    def shown(self, value: Fraction | int) -> Fraction:
        """The value as a reader sees it: 5450000 đồng as 5,45 million."""
        return Fraction(value) / self.scale

    def counted(self, shown: Fraction | int) -> Fraction:
        """The value that is shown so."""
        return Fraction(shown) * self.scale


def _count(code: str, name: Term, *, is_people: bool = False) -> Measure:
    return Measure(code, name, name, of(code), is_people=is_people)


_ALL = (
    _count("person", Term("người"), is_people=True),
    _count("turn", Term("lượt")),
    _count("session", Term("buổi")),
    _count("presence", Term("lần có mặt")),
    _count("household", Term("hộ")),
    _count("clan", Term("dòng họ")),
    _count("hamlet", Term("ấp, khu phố")),
    _count("commune", Term("xã")),
    _count("district", Term("huyện")),
    _count("unit", Term("đơn vị")),
    _count("class", Term("lớp")),
    _count("centre", Term("trung tâm")),
    _count("club", Term("câu lạc bộ")),
    _count("organisation", Term("tổ chức")),
    _count("branch", Term("chi hội")),
    _count("committee", Term("ban")),
    _count("sub_branch", Term("phân hội")),
    _count("award", Term("suất")),
    _count("gift", Term("phần quà")),
    _count("house", Term("nhà")),
    _count("fund", Term("quỹ")),
    _count("institution", Term("cơ sở")),
    _count("university", Term("trường đại học")),
    _count("library", Term("thư viện")),
    _count("museum", Term("bảo tàng")),
    _count("plan", Term("kế hoạch")),
    _count("task", Term("nhiệm vụ")),
    _count("obstacle", Term("khó khăn, vướng mắc")),
    _count("square_metre", Term("m²")),
    _count("count", Term("số lượng")),
    Measure("dong", Term("đồng"), Term("đồng"), of("dong")),
    Measure("million_dong", Term("triệu đồng"), Term("triệu đồng"), of("dong"), scale=MILLION),
    Measure(PERCENT, Term("phần trăm"), "%", of(PERCENT), is_whole=False),
    Measure("ratio", Term("hệ số"), "", BARE, is_whole=False),
    Measure("dong_per_person", Term("đồng/người"), Term("đồng/người"), of("dong") / of("person"), is_whole=False),
    Measure("person_per_class", Term("người/lớp"), Term("người/lớp"), of("person") / of("class"), is_whole=False),
    Measure("turn_per_class", Term("lượt/lớp"), Term("lượt/lớp"), of("turn") / of("class"), is_whole=False),
)
MEASURES: Mapping[str, Measure] = {one.code: one for one in _ALL}
_NAMES = {one.dimension.powers[0][0]: one.name for one in _ALL if len(one.dimension.powers) == 1 and one.scale == 1}


def measure(code: str) -> Measure:
    """The measure of a code. Raises: Invalid (field `measure`) for none."""
    if code not in MEASURES:
        raise Invalid("Không có đơn vị tính “{code}”.", field="measure", code=code)
    return MEASURES[code]


def measures_for(dimension: Dimension) -> list[Measure]:
    """The measures in which a dimension can be shown, the plain one first."""
    return [one for one in _ALL if one.dimension == dimension]


def choices() -> Iterable[tuple[str, str]]:
    """Code and name of every measure, for a form."""
    return [(one.code, one.name) for one in _ALL]


def write_value(value: Fraction | int | None, one: Measure, *, decimals: int = 0, sign: str = "") -> str:
    """A value as it is written in Vietnamese: 1.234,5; unknown is an empty text, never a zero.

    Halves are rounded away from zero, as on paper. `sign`, the measure as the reader says it, goes behind the number.

    Example:
        >>> write_value(Fraction(1842, 100), MEASURES["percent"], decimals=1, sign="%")
        '18,4 %'
        >>> write_value(5_450_000, MEASURES["million_dong"], decimals=2)
        '5,45'
    """
    if value is None:
        return ""
    written = write_number(round_half_up(one.shown(value), decimals), places=decimals)
    return f"{written} {sign}" if sign else written


def round_half_up(value: Fraction, decimals: int) -> Decimal:
    """An exact fraction to so many decimals, halves away from zero.

    Example:
        >>> round_half_up(Fraction(-5, 2), 0), round_half_up(Fraction(1, 8), 2)
        (Decimal('-3'), Decimal('0.13'))
    """
    scaled = abs(value) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    digits = tuple(int(digit) for digit in str(whole))
    return Decimal((int(value < 0 and whole > 0), digits, -decimals))  # built so that no digit is lost


def read_value(text: str, one: Measure) -> Fraction:
    """The value that somebody typed as it is shown: "1.234,5", "18,4 %", "1234.5".

    A dot is a mark of thousands where it stands before groups of three, and a comma marks the decimals.

    Raises: Invalid (field `value`).

    Example:
        >>> read_value("5,45", MEASURES["million_dong"]), read_value("1.234", MEASURES["person"])
        (Fraction(5450000, 1), Fraction(1234, 1))
    """
    bare = text.strip().removesuffix(one.sign).replace("\u00a0", "").replace(" ", "")
    minus = bare.startswith("-")
    whole, comma, decimals = bare.removeprefix("-").partition(",")
    groups = whole.split(".")
    if len(groups) > 1 and not comma and len(groups) == 2 and len(groups[1]) != 3:
        whole, decimals = groups  # a point before decimals, as calculators write
    elif len(groups) > 1:
        if not 1 <= len(groups[0]) <= 3 or any(len(group) != 3 for group in groups[1:]):
            raise Invalid("“{text}” không phải là một số. Hãy viết như 1.234,5.", field="value", text=text[:40])
        whole = "".join(groups)
    if not (whole.isascii() and whole.isdigit()) or (decimals and not (decimals.isascii() and decimals.isdigit())):
        raise Invalid("“{text}” không phải là một số. Hãy viết như 1.234,5.", field="value", text=text[:40])
    if len(whole) > 18 or len(decimals) > 9:
        raise Invalid("“{text}” quá dài.", field="value", text=text[:40])
    value = Fraction(int(whole + decimals), 10 ** len(decimals))
    return one.counted(-value if minus else value)


def _thing_words(thing: str, power: int) -> str:
    name = _NAMES.get(thing, thing)
    return name if power == 1 else f"{name}^{power}"
