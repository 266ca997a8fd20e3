"""What a filled form says, judged cell by cell against the form that was expected."""

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from hieuhoc.engines.writer.forms import STAMP_SHEET, Form, Place, Stamp, places, shape
from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.vietnamese import fold, squeeze
from hieuhoc.reports.intake.opening import Cell, OpenWorkbook

LARGEST = 999_999_999_999_999
MOST_FAULTS = 200
ROWS_BEYOND = 500
"""So many rows beneath the form may hold something, such as somebody's own sums; more is no form of ours."""


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be taken: where it is, what it is called, what is wrong with it. `row` counts from 1."""

    file: str
    sheet: str
    row: int
    column: str
    label: str
    problem: Invalid

    @property
    def error(self) -> Invalid:
        """The whole sentence."""
        return Invalid(
            "Tệp “{file}”, trang “{sheet}”, dòng {row}, cột {column} ({label}): {problem}",
            field="file",
            file=self.file,
            sheet=self.sheet,
            row=self.row,
            column=self.column,
            label=self.label,
            problem=self.problem,
        )


@dataclass(frozen=True)
class Filled:
    """What stands in a form: numbers (none where a cell is empty), words and chosen answers by their keys."""

    stamp: Stamp
    figures: dict[str, int | None]
    words: dict[str, str]
    faults: tuple[Fault, ...] = ()


@dataclass
class _Found:
    figures: dict[str, int | None] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read_workbook(content: bytes, expected: Form, *, name: str) -> Filled:
    """Read a filled form.

    Raises: Invalid (field `file`) when it cannot be opened, or is another form, version, unit or period.
    """
    return read_opened(OpenWorkbook(content, name), expected)


def read_opened(book: OpenWorkbook, expected: Form) -> Filled:
    """The same for a workbook that is open."""
    texts = book.shared_texts()
    stamp = stamp_of(book, texts)
    looked_at = places(expected)
    _check_stamp(book, stamp, expected.stamp, shape(looked_at))
    by_sheet: dict[str, dict[tuple[int, int], Place]] = {}
    for place in looked_at:
        by_sheet.setdefault(place.sheet, {})[place.row, place.column] = place
    found = _Found()
    for sheet, wanted in by_sheet.items():
        if sheet not in book.sheets:
            sentence = "Tệp “{name}” thiếu trang “{sheet}”. Hãy điền lại vào mẫu do phần mềm xuất ra."
            raise _refused(sentence, book, sheet)
        held = _held(book, sheet, texts, wanted)
        for position, place in wanted.items():
            _judge(book, place, held.get(position), found)
            if len(found.faults) >= MOST_FAULTS:
                return Filled(stamp[0], {}, {}, tuple(found.faults))
    return Filled(stamp[0], found.figures, found.words, tuple(found.faults))


def stamp_of(book: OpenWorkbook, texts: list[str] | None = None) -> tuple[Stamp, str]:
    """Which form a workbook says that it is, and its shape. Raises: Invalid when it is none of ours."""
    if STAMP_SHEET not in book.sheets:
        sentence = "Tệp “{name}” không phải là mẫu do phần mềm này xuất ra."
        raise _refused(sentence, book)
    cells: dict[tuple[int, int], str] = {}
    for row, column, cell in book.cells(STAMP_SHEET, book.shared_texts() if texts is None else texts):
        if row > ROWS_BEYOND:
            break
        cells[row, column] = cell.value
    kept = {cells.get((row, 0), ""): cells.get((row, 1), "") for row in range(10)}
    stamp = Stamp(*(kept.get(name, "") for name in ("form", "version", "unit", "period", "unit_name", "period_name")))
    return stamp, kept.get("shape", "")


def _check_stamp(book: OpenWorkbook, found: tuple[Stamp, str], wanted: Stamp, wanted_shape: str) -> None:
    stamp, shape_found = found
    if stamp.form != wanted.form:
        sentence = "Tệp “{name}” là biểu mẫu “{found}”, không phải biểu mẫu “{wanted}” của đợt báo cáo này."
        raise _refused(sentence, book, found=stamp.form, wanted=wanted.form)
    if stamp.version != wanted.version:
        sentence = "Tệp “{name}” là phiên bản {found} của biểu mẫu; đợt này dùng phiên bản {wanted}. Hãy tải mẫu mới."
        raise _refused(sentence, book, found=stamp.version, wanted=wanted.version)
    if stamp.unit != wanted.unit:
        sentence = "Tệp “{name}” là của đơn vị “{found}”, không phải của “{wanted}”."
        names = (stamp.unit_name or stamp.unit, wanted.unit_name or wanted.unit)
        raise _refused(sentence, book, found=names[0], wanted=names[1])
    if stamp.period != wanted.period:
        sentence = "Tệp “{name}” là của kỳ “{found}”, không phải của kỳ “{wanted}”."
        names = (stamp.period_name or stamp.period, wanted.period_name or wanted.period)
        raise _refused(sentence, book, found=names[0], wanted=names[1])
    if shape_found != wanted_shape:
        sentence = "Mẫu “{name}” được xuất ra từ bản cũ của phần mềm. Hãy tải mẫu mới và chép số liệu sang."
        raise _refused(sentence, book)


def _refused(template: str, book: OpenWorkbook, sheet: str = "", **values: object) -> Invalid:
    return Invalid(template, field="file", name=book.name, sheet=sheet, **values)


def _held(
    book: OpenWorkbook, sheet: str, texts: list[str], wanted: dict[tuple[int, int], Place]
) -> dict[tuple[int, int], Cell]:
    """The cells that are looked at. Raises: Invalid when the sheet goes on and on beneath the form."""
    last = max(row for row, _column in wanted)
    held, beyond, seen = {}, 0, -1
    for row, column, cell in book.cells(sheet, texts):
        if (row, column) in wanted:
            held[row, column] = cell
        elif row > last and row != seen:
            beyond, seen = beyond + 1, row
            if beyond > ROWS_BEYOND:
                sentence = "Tệp “{name}”, trang “{sheet}”, có quá nhiều dòng ngoài mẫu nên không được đọc."
                raise _refused(sentence, book, sheet)
    return held


def _judge(book: OpenWorkbook, place: Place, cell: Cell | None, found: _Found) -> None:
    if place.kind == "label":
        if fold(cell.value if cell else "") != fold(place.label):
            problem = Invalid("mẫu đã bị sửa: ở đây phải là “{label}”. Hãy điền lại vào mẫu mới.", label=place.label)
            found.faults.append(_fault(book, place, problem))
        return
    try:
        if cell is not None and cell.has_formula:
            raise Invalid("ô có công thức. Hãy dán thành giá trị.")
        if cell is not None and cell.kind == "error":
            raise Invalid("ô bị lỗi {code}. Hãy nhập lại.", code=cell.value)
        if place.kind == "whole":
            found.figures[place.key] = _whole(place, cell)
        elif place.kind == "choice":
            found.words[place.key] = _chosen(place, cell)
        else:
            found.words[place.key] = _written(place, cell)
    except Invalid as problem:
        found.faults.append(_fault(book, place, problem))


def _fault(book: OpenWorkbook, place: Place, problem: Invalid) -> Fault:
    column = place.reference.rstrip("0123456789")
    return Fault(book.name, place.sheet, place.row + 1, column, squeeze(place.label), problem)


def _whole(place: Place, cell: Cell | None) -> int | None:
    """The whole number in a cell; none where it is empty."""
    written = cell.value.strip() if cell else ""
    if cell is None or not written:
        return None
    is_digits = cell.kind == "text" and written.isascii() and written.isdigit()
    if cell.kind != "number" and not is_digits:
        raise Invalid("“{written}” không phải là số.", written=written[:60])
    try:
        number = Decimal(written)
    except InvalidOperation:
        raise Invalid("“{written}” không phải là số.", written=written[:60]) from None
    if not number.is_finite() or abs(number) > LARGEST:
        raise Invalid("số quá lớn.")
    if number != number.to_integral_value():
        raise Invalid("{written} không phải là số nguyên.", written=written[:30].replace(".", ","))
    value = int(number)
    if value < 0 and (place.least is None or place.least >= 0):
        raise Invalid("số âm ({value}).", value=value)
    if place.least is not None and value < place.least:
        raise Invalid("{value} nhỏ hơn mức thấp nhất {least}.", value=value, least=place.least)
    if place.most is not None and value > place.most:
        raise Invalid("{value} lớn hơn mức cao nhất {most}.", value=value, most=place.most)
    return value


def _chosen(place: Place, cell: Cell | None) -> str:
    written = squeeze(cell.value) if cell else ""
    if not written:
        return ""
    for value, label in place.options:
        if fold(label) == fold(written):
            return value
    raise Invalid("“{written}” không có trong danh sách lựa chọn.", written=written[:60])


def _written(place: Place, cell: Cell | None) -> str:
    written = cell.value.strip() if cell else ""
    if place.most is not None and len(written) > place.most:
        raise Invalid("dài {length} ký tự, nhiều nhất là {most}.", length=len(written), most=place.most)
    return written
