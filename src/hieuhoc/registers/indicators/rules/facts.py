"""What a fact may be, and which of its two figures is used."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from hieuhoc.engines.rollup import Tree
from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.periods import Period
from hieuhoc.registers.indicators.rules.breakdown import chosen_by, read_by
from hieuhoc.registers.indicators.rules.measures import measure, of
from hieuhoc.registers.indicators.rules.reckoning import Reckoning

# Beyond this a workbook no longer tells two numbers apart.
LARGEST = 10**15


IMPORTED = "import"


def is_imported(source: str) -> bool:
    """Whether a fact was taken in from before the house was used, and no report or record in it has given it."""
    return source.partition(":")[0] == IMPORTED


class Figures(NamedTuple):
    """The two figures of a fact, and which is used: what people state where they do, otherwise what is counted."""

    counted: int | None
    stated: int | None
    value: int
    reason: str = ""
    source: str = ""
    is_approved: bool = False


_NOTHING = {"counted": None, "stated": None, "reason": "", "source": "", "is_approved": False}


def changed(before: Figures | None, wish: Mapping[str, Any]) -> Figures | None:
    """A fact with some columns changed; None when neither figure is left. Another value is not yet approved."""
    told = {**(_NOTHING if before is None else before._asdict()), **wish}
    told["value"] = told["counted"] if told["stated"] is None else told["stated"]
    if told["value"] is None:
        return None
    if "is_approved" not in wish and (before is None or before.value != told["value"]):
        told["is_approved"] = False
    return Figures(**told)


def used(figures: Figures | None) -> tuple[int, bool] | None:
    """What of a fact is in the totals: its value, and whether it is approved."""
    return None if figures is None else (figures.value, figures.is_approved)


def check_fact(reckoning: Reckoning, tree: Tree, unit: int, period: Period, by: str, figures: Figures) -> None:
    """That a unit may have this figure for a period.

    Raises: Invalid when the unit does not stand on the period's last day, has others beneath it that report, or is of
        a level that has no figure of its own; for a part that the indicator does not have; for a negative number of
        things.
    """
    _check_unit(reckoning, tree, unit, period)
    keys = chosen_by(by)
    if read_by(by) != by or not set(keys) <= set(reckoning.breakdowns):
        raise Invalid("Chỉ số {code} không phân tổ theo “{by}”.", code=reckoning.code, by=by)
    for number in (figures.counted, figures.stated):
        if number is not None and abs(number) > LARGEST:
            raise Invalid("Số liệu của {code} quá lớn.", code=reckoning.code)
        if number is not None and number < 0 and measure(reckoning.measure).dimension != of("dong"):
            raise Invalid("Số liệu của {code} không thể âm.", code=reckoning.code)


def check_reason(code: str, figures: Figures) -> None:
    """That a figure which differs from the counted one says why. Raises: Invalid."""
    differs = None not in (figures.counted, figures.stated) and figures.counted != figures.stated
    if differs and not figures.reason:
        raise Invalid(
            "{code}: số báo {stated} khác số đếm được {counted}; hãy ghi lý do.",
            code=code,
            stated=figures.stated,
            counted=figures.counted,
        )


def _check_unit(reckoning: Reckoning, tree: Tree, unit: int, period: Period) -> None:
    day = period.last
    if not tree.stands(unit, day):
        raise Invalid(
            "“{unit}” không có số liệu {code} {period}: đơn vị không tồn tại, hoặc không thuộc cấp báo số liệu.",
            unit=tree.title(unit),
            code=reckoning.code,
            period=period,
        )
    if not reckoning.adds_up and tree.level(unit, day) not in reckoning.levels:
        raise Invalid("“{unit}” không thuộc cấp có chỉ số {code}.", unit=tree.title(unit), code=reckoning.code)
    if tree.children(unit, day):
        raise Invalid(
            "Số liệu {code} của “{unit}” là tổng của các đơn vị trực thuộc, không ghi riêng.",
            code=reckoning.code,
            unit=tree.title(unit),
        )
