"""Whatever rows somebody writes: a clear refusal, or a register in which everything has one place and one heir."""

from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from hieuhoc.registers.places import rules
from hieuhoc.registers.places.rules import Row, Standing

ON = date(2025, 7, 1)
LABELS = {"tinh": "tỉnh", "huyen": "huyện", "xa": "xã", "phuong": "phường", "ap": "ấp"}
SINCE = date(2018, 11, 1)


def _register() -> rules.Register:
    """One province of three districts, nine communes with a hamlet and a committee each."""
    units = [Standing(1, "tinh", "91", "Tỉnh Thử", "Thử", "province", "tinh", None, SINCE, "/1/")]
    number = 1
    for d in range(3):
        number += 1
        district, name = number, f"Huyện H{d}"
        path = f"/1/{district}/"
        units.append(Standing(district, f"h{d}", f"90{d}", name, f"H{d}", "district", "huyen", 1, SINCE, path))
        for c in range(3):
            number += 1
            commune, name = number, f"Xã X{d}{c}"
            inner = f"{path}{commune}/"
            code = f"30{d}{c}"
            units.append(Standing(commune, f"x{d}{c}", code, name, f"X{d}{c}", "commune", "xa", district, SINCE, inner))
            number += 1
            units.append(
                Standing(number, f"a{d}{c}", "", f"Ấp {c}", f"{c}", "hamlet", "ap", commune, SINCE, f"{inner}{number}/")
            )
            number += 1
            committee = f"Ủy ban nhân dân xã X{d}{c}"
            units.append(
                Standing(
                    number,
                    f"ub-x{d}{c}",
                    "",
                    committee,
                    committee,
                    "agency",
                    "uy_ban",
                    commune,
                    SINCE,
                    f"{inner}{number}/",
                )
            )
    return rules.Register(units=units, kind_labels=LABELS)


REGISTER = _register()
BY_NUMBER = {unit.number: unit for unit in REGISTER.units}
CODES = [unit.code for unit in REGISTER.units if unit.code]
KEYS = [unit.key for unit in REGISTER.units]
WORDS = st.sampled_from([*CODES, *KEYS, "77777", "88888", ""])
ROWS = st.builds(
    Row,
    act=st.sampled_from([*rules.ACTS, "?"]),
    source=WORDS,
    target=WORDS,
    target_name=st.sampled_from(["", "Xã Mới", "Xã X00", "Huyện Mới", "Tỉnh Mới", "Ấp Mới"]),
    target_kind=st.sampled_from(["", "xa", "phuong", "huyen", "tinh"]),
    target_parent=WORDS,
    share=st.sampled_from(["", "1/2", "1/3", "0,5", "x", "2"]),
    is_estimated=st.booleans(),
    takes_duties=st.booleans(),
)


def _check(outcome: rules.Outcome) -> None:
    """What must hold of every outcome that may be carried out."""
    alive: list[rules.Ref] = [*outcome.formed, *(n for n in BY_NUMBER if n not in outcome.ended)]
    codes = []
    for ref in alive:
        above = outcome.parent_of(ref, BY_NUMBER)
        seen = {ref}
        while above is not None:
            assert above in alive, "nothing stands beneath a unit that has ended"
            assert above not in seen, "nothing stands beneath itself"
            seen.add(above)
            above = outcome.parent_of(above, BY_NUMBER)
        if isinstance(ref, str):
            codes.append(outcome.formed[ref].code)
        else:
            codes.append(outcome.changed[ref].code if ref in outcome.changed else BY_NUMBER[ref].code)
    codes = [code for code in codes if code]
    assert len(codes) == len(set(codes)), "one holder of a code at a time"
    for fate in outcome.ended.values():
        assert sum((heir.share for heir in fate.heirs), Fraction(0)) == 1
        assert [heir.takes_duties for heir in fate.heirs].count(True) == 1
        assert all(heir.ref in alive for heir in fate.heirs), "an heir lives on"
    for heirs in outcome.parted.values():
        assert 0 < sum((heir.share for heir in heirs), Fraction(0)) < 1
        assert all(heir.ref in alive for heir in heirs)


@settings(max_examples=400, deadline=None)
@given(st.lists(ROWS, max_size=8))
def test_any_rows_are_refused_with_reasons_or_leave_a_register_in_order(rows: list[Row]) -> None:
    outcome = rules.work_out(rows, REGISTER, on=ON)
    for problem in outcome.problems:
        assert 0 <= problem.row <= len(rows)
        assert problem.error.sentence
    if not outcome.problems:
        _check(outcome)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(range(4)), min_size=9, max_size=9), st.booleans())
def test_any_merging_of_communes_can_be_carried_out(groups: list[int], abolish: bool) -> None:
    """Each commune goes into one of four new ones, or stays (3); with the level of districts or without it."""
    communes = [unit for unit in REGISTER.units if unit.level == "commune"]
    parent = "91" if abolish else "900"
    rows = [
        Row("merge", unit.code, target=f"4000{group}", target_name=f"Xã Mới {group}", target_parent=parent)
        for unit, group in zip(communes, groups, strict=True)
        if group < 3
    ]
    if abolish:
        rows += [Row("abolish", f"90{d}", target="91") for d in range(3)]
    outcome = rules.work_out(rows, REGISTER, on=ON)
    if rows:
        assert not outcome.problems, [problem.error.sentence for problem in outcome.problems]
        _check(outcome)
