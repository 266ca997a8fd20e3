"""The formula language: reading and writing, measures, circles, values, words and workbook formulas."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hieuhoc.kernel.errors import Invalid
from hieuhoc.registers.indicators import rules
from hieuhoc.registers.indicators.rules import measures
from hieuhoc.registers.indicators.rules.formula import (
    Change,
    Mean,
    Negated,
    Node,
    Number,
    Operation,
    Percent,
    Previous,
    Reference,
    Sum,
    Whole,
)

CODES = ("A.ONE", "A.TWO_1", "B.X", "LIT.POP_15_25")
BYS = ("", "sex=female", "age=15-25,sex=male")
PLACES = {"A.ONE": 3, "A.TWO_1": 5, "B.X": 7, "LIT.POP_15_25": 11}


def _grown(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.one_of(
        st.builds(Negated, inner),
        st.builds(Operation, st.sampled_from("+-*/"), inner, inner),
        st.builds(Percent, inner, inner),
        st.builds(Mean, inner, inner),
        st.builds(Sum, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Previous, inner),
        st.builds(Change, inner),
        st.builds(Whole, inner),
    )


LEAVES: st.SearchStrategy[Node] = st.one_of(
    st.builds(Number, st.decimals(0, 10_000, places=3).map(Fraction)),
    st.builds(Reference, st.sampled_from(CODES), st.sampled_from(BYS)),
)
NODES = st.recursive(LEAVES, _grown, max_leaves=12)


@given(NODES)
def test_what_is_written_reads_as_the_same_tree(node: Node) -> None:
    assert rules.parse(rules.write(node)) == node


@given(
    NODES, st.dictionaries(st.tuples(st.sampled_from(CODES), st.sampled_from(BYS), st.integers(0, 3)), st.integers())
)
def test_a_value_is_that_of_a_plain_reckoning(node: Node, known: dict[tuple[str, str, int], int]) -> None:
    try:
        expected = _plain(node, known, 0)
    except (KeyError, ZeroDivisionError):
        expected = None
    computed = rules.compute(node, lambda code, by, back: known.get((code, by, back)))
    assert computed.value == expected
    assert (computed.why is None) == (expected is not None)


def _plain(node: Node, known: dict[tuple[str, str, int], int], back: int) -> Fraction:
    match node:
        case Number(value):
            return value
        case Reference(code, by):
            return Fraction(known[code, by, back])
        case Negated(of):
            return -_plain(of, known, back)
        case Whole(of):
            return _plain(of, known, back)
        case Previous(of):
            return _plain(of, known, back + 1)
        case Change(of):
            return _plain(of, known, back) - _plain(of, known, back + 1)
        case Sum(terms):
            total = Fraction(0)
            for term in terms:
                total += _plain(term, known, back)
            return total
        case Percent(part, whole):
            return _plain(part, known, back) / _plain(whole, known, back) * 100
        case Mean(part, per):
            return _plain(part, known, back) / _plain(per, known, back)
        case Operation(sign, left, right):
            one, other = _plain(left, known, back), _plain(right, known, back)
            return {"+": one + other, "-": one - other, "*": one * other}[sign] if sign != "/" else one / other
    raise AssertionError(node)


@pytest.mark.parametrize(
    ("text", "at", "says"),
    [
        ("", 0, "còn trống"),
        ("A.ONE +", 7, "dừng giữa chừng"),
        ("A.ONE A.TWO", 6, "Thiếu dấu + - * /"),
        ("(A.ONE", 6, "Thiếu dấu “)”"),
        ("A.ONE)", 5, "không có dấu “(” mở"),
        ("A.ONE[sex=female", 5, "Thiếu dấu “]”"),
        ("A.ONE[sex]", 5, "sex=female"),
        ("A.ONE[sex=male,sex=female]", 5, "hai lần"),
        ("A.ONE * 0,5", 9, "dấu chấm"),
        ("tong(A.ONE)", 0, "Không có hàm “tong”"),
        ("percent(A.ONE)", 0, "percent cần 2 phần, đang có 1"),
        ("mean(A.ONE, A.TWO)", 10, "over"),
        ("1 + dan_so", 4, "không phải là mã chỉ số"),
        ("A.ONE ^ 2", 6, "Không hiểu ký tự “^”"),
        ("2 + * 3", 4, "cần một chỉ số"),
        ("(" * 60 + "1" + ")" * 60, 40, "lồng quá"),
        ("1" + "+1" * 1000, 2000, "dài quá"),
        ("1" + "+1" * 300, 400, "hơn 400 mã, số và dấu"),
        ("__import__('os')", 0, "Không hiểu ký tự “_”"),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, at: int, says: str) -> None:
    with pytest.raises(rules.FormulaError) as caught:
        rules.parse(text)
    assert caught.value.at == at
    assert says in caught.value.sentence
    assert f"ký tự thứ {at + 1}" in caught.value.sentence


def test_signs_that_people_type_are_understood() -> None:
    assert rules.write(rules.parse("a.one × 2 : b.x − 1")) == "A.ONE * 2 / B.X - 1"


def test_a_long_chain_of_sums_is_read_and_worked_out() -> None:
    node = rules.parse("+".join(["1"] * 200))
    assert rules.compute(node, lambda *asked: None).value == 200
    assert rules.parse(rules.write(node)) == node


def _dimension(text: str) -> measures.Dimension:
    codes = {"P.A": "person", "P.B": "person", "C.A": "class", "M.A": "dong", "M.B": "million_dong", "S.A": "percent"}
    return rules.dimension_of(rules.parse(text), lambda code: rules.measure(codes[code]).dimension)


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("P.A + P.B", "person"),
        ("P.A / P.B", "ratio"),
        ("percent(P.A, P.B)", "percent"),
        ("percent(P.A + P.B, 2 * P.B)", "percent"),
        ("mean(M.B over P.A)", "dong_per_person"),
        ("M.A + M.B", "dong"),
        ("P.A / C.A", "person_per_class"),
        ("change(S.A)", "percent"),
        ("P.A * C.A / P.B", "class"),
        ("1 / 4", "ratio"),
    ],
)
def test_measures_come_out_of_formulas(text: str, measure: str) -> None:
    assert _dimension(text) == rules.measure(measure).dimension


@pytest.mark.parametrize(
    ("text", "at", "says"),
    [
        ("P.A + C.A", 4, "“người” với “lớp”"),
        ("P.A + 1", 4, "“người” với “số”"),
        ("sum(P.A, M.A)", 0, "“người” với “đồng”"),
        ("1 * percent(P.A, C.A)", 4, "cùng đơn vị tính"),
        ("P.A / 0", 6, "không chia cho 0"),
        ("S.A - P.A", 4, "“phần trăm” với “người”"),
    ],
)
def test_measures_that_do_not_fit_are_refused_where_they_meet(text: str, at: int, says: str) -> None:
    with pytest.raises(rules.FormulaError) as caught:
        _dimension(text)
    assert caught.value.at == at
    assert says in caught.value.sentence


def test_an_unknown_code_comes_with_the_nearest_one() -> None:
    with pytest.raises(rules.FormulaError, match=r"Có phải là “LIT.POP_15_25”") as caught:
        rules.check_known(rules.parse("1 + LIT.POP_15_52"), {"LIT.POP_15_25": 1, "KH.MEMBERS": 1})
    assert caught.value.at == 4


def test_a_circle_is_named() -> None:
    formulas = {"A.A": rules.parse("A.B + 1"), "A.B": rules.parse("A.C"), "A.C": rules.parse("2 * A.A")}
    with pytest.raises(Invalid, match=r"A\.A → A\.B → A\.C → A\.A"):
        rules.check_no_circle(formulas)


def test_what_meets_again_below_is_no_circle() -> None:
    rules.check_no_circle({"A.A": rules.parse("A.B + A.C"), "A.B": rules.parse("A.C"), "A.C": rules.parse("A.D")})


@given(st.dictionaries(st.sampled_from("ABCDEF"), st.frozensets(st.sampled_from("ABCDEF"))))
def test_a_circle_is_found_where_one_can_come_back(uses: dict[str, frozenset[str]]) -> None:
    reached = {code: set(leaning) for code, leaning in uses.items()}
    for _ in uses:
        for code in reached:
            reached[code] |= {far for near in reached[code] for far in reached.get(near, ())}
    circle = rules.find_circle(uses)
    assert bool(circle) == any(code in beneath for code, beneath in reached.items())
    assert all(following in uses[code] for code, following in pairwise(circle))


def test_unknown_and_division_by_zero_say_why() -> None:
    node = rules.parse("percent(A.ONE[sex=female], A.TWO)")
    assert "A.ONE[sex=female]" in str(rules.compute(node, lambda *asked: None).why)
    assert "Mẫu số bằng 0" in str(rules.compute(node, lambda *asked: 0).why)
    before = rules.compute(rules.parse("change(B.X)"), lambda code, by, back: None if back else 4)
    assert "kỳ trước của B.X" in str(before.why)


def test_a_part_of_a_derived_indicator_is_chosen_in_all_it_is_made_of() -> None:
    inner = {"R.A": rules.parse("percent(P.A, P.B)")}
    opened = rules.expand(rules.parse("change(R.A[sex=female]) / 2"), inner.get)
    assert rules.write(opened) == "change(percent(P.A[sex=female], P.B[sex=female])) / 2"


def test_two_parts_of_one_breakdown_at_once_are_refused() -> None:
    with pytest.raises(rules.FormulaError, match="đã chọn sex=male"):
        rules.expand(rules.parse("P.A[sex=male]"), lambda code: None, by="sex=female")


def test_the_whole_stays_the_whole_whatever_part_is_asked_for() -> None:
    opened = rules.expand(rules.parse("percent(P.A, whole(P.A))"), lambda code: None, by="sex=female")
    assert rules.write(opened) == "percent(P.A[sex=female], P.A)"


def test_a_formula_is_said_in_words() -> None:
    names = {"L": "Số người 15–25 tuổi biết chữ mức độ 1", "P": "Số người trong độ tuổi 15–25", "T": "THCS mới"}

    def said(text: str) -> str:
        return rules.in_words(rules.parse(text), lambda one: names[one.code[0]])

    assert said("percent(L.A, P.A)") == (
        "Số người 15–25 tuổi biết chữ mức độ 1 chia cho số người trong độ tuổi 15–25, nhân 100"
    )
    assert said("0.5 * (T.A + P.A)") == "0,5 nhân (THCS mới cộng số người trong độ tuổi 15–25)"


def test_a_formula_is_written_for_a_workbook() -> None:
    def cell(code: str, by: str, back: int) -> str:
        return {"A": "B2", "B": "C2", "C": "D2"}[code[0]].replace("2", str(2 + back))

    assert rules.as_excel(rules.parse("percent(A.X, B.X)"), cell) == '=IF(COUNT(B2,C2)<2,"",IFERROR((100*B2/C2),""))'
    assert rules.as_excel(rules.parse("change(A.X)"), cell) == '=IF(COUNT(B2,B3)<2,"",IFERROR((B2-B3),""))'
    with pytest.raises(KeyError):
        rules.as_excel(rules.parse("Z.X"), cell)
