"""Tables of tasks: which column says what, and each row as a task."""

import re
from dataclasses import dataclass, replace

from hieuhoc.engines.reader.clauses import clauses
from hieuhoc.engines.reader.deadlines import deadline, deadline_in_label
from hieuhoc.engines.reader.joining import clean
from hieuhoc.engines.reader.lexicon import Tokens
from hieuhoc.engines.reader.marks import bullet, mark
from hieuhoc.engines.reader.naming import coordinators, named
from hieuhoc.engines.reader.reading import Task
from hieuhoc.engines.reader.recurrence import recurrence, recurrence_in_label
from hieuhoc.engines.reader.references import cited
from hieuhoc.engines.reader.source import Cell, Table
from hieuhoc.kernel.vietnamese import squeeze

_COLUMNS = (
    ("order", re.compile(r"^(?:stt|tt|số tt|số thứ tự|số|#)$", re.IGNORECASE)),
    ("coordinate", re.compile(r"phối hợp|tham gia", re.IGNORECASE)),
    ("lead", re.compile(
        r"chủ trì|đầu mối|(?:cơ quan|đơn vị|phòng|bộ phận|người|tổ chức|địa phương|phân "
r"công).{0,40}(?:thực hiện|tham mưu|chịu trách nhiệm|phụ trách|báo cáo|triển khai)"
        r"|^phân công|chịu trách nhiệm|^(?:cơ quan|đơn vị)$|^(?:đơn vị|cơ quan) (?:thực hiện|chính)|trách "
r"nhiệm", re.IGNORECASE)),
    ("time", re.compile(r"thời gian|thời hạn|tiến độ|thời điểm|hoàn thành|lộ trình|ngày|kỳ", re.IGNORECASE)),
    ("product", re.compile(r"sản phẩm|kết quả|đầu ra|hình thức văn bản|cấp trình|cấp ban hành", re.IGNORECASE)),
    ("note", re.compile(r"ghi chú|kinh phí|nguồn|căn cứ|ngân sách|chỉ tiêu|đơn vị tính|lãnh đạo", re.IGNORECASE)),
    ("task", re.compile(r"nội dung|nhiệm vụ|công việc|giải pháp|hoạt động|tên văn bản|đề án|tên"
        r"|chương trình|việc|danh mục"
r"|yêu cầu", re.IGNORECASE)),
)  # fmt: skip


@dataclass(frozen=True)
class Columns:
    """Which column holds what. Units: places in a row; `header` is the number of rows of the heading."""

    places: dict[int, str]
    header: int


def columns(table: Table, known: "Columns | None" = None) -> Columns | None:
    """The columns of a table of tasks; those of the table before it where it goes on; None for other tables."""
    best: Columns | None = None
    for height in range(1, min(4, len(table.rows)) + 1):
        if best is not None and not _heading_goes_on(table, height):
            break
        places = _named_columns(table, height)
        kinds = set(places.values())
        if "task" in kinds and kinds & {"lead", "coordinate"}:
            best = Columns(places, height + _numbering(table, height))
    if best is not None:
        return best
    if known is not None and table.rows and len(table.rows[0]) == max(known.places) + 1:
        return Columns(known.places, _numbering(table, 0))
    return None


def _heading_goes_on(table: Table, height: int) -> bool:
    """Whether the heading has this many rows: a cell of it reaches down into the last of them."""
    return any(cell.row < height - 1 and cell.text for cell in table.rows[height - 1])


def _named_columns(table: Table, height: int) -> dict[int, str]:
    places: dict[int, str] = {}
    for column in range(len(table.rows[0])):
        words = squeeze(" ".join(dict.fromkeys(clean(table.rows[row][column].text) for row in range(height))))
        own = clean(table.rows[height - 1][column].text)
        kind = _kind_of(own) if own and height > 1 else None
        kind = kind or _kind_of(words)
        if kind and len(words) < 160:
            places[column] = kind
    tasks = [column for column, kind in places.items() if kind == "task"]
    for column in tasks[1:]:
        places[column] = "note" if table.rows[0][column].text != table.rows[0][tasks[0]].text else "task"
    return places


def _kind_of(words: str) -> str | None:
    words = words.strip(" .:*")
    return next((kind for kind, pattern in _COLUMNS if words and pattern.search(words)), None)


def _numbering(table: Table, height: int) -> int:
    """1 where the row under the heading only numbers the columns."""
    if height >= len(table.rows):
        return 0
    cells = [clean(cell.text).strip("().") for cell in table.rows[height]]
    return int(
        len(cells) > 2 and all(re.fullmatch(r"\d{0,2}|[A-Z]", cell) for cell in cells) and sum(map(bool, cells)) > 2
    )


def rows(table: Table, found: Columns, *, section: str, heading: tuple[str, ...]) -> list[Task]:
    """The tasks of a table, row by row; a row of a group gives its number to the path of those below."""
    tasks: list[Task] = []
    group = ""
    held: dict[str, str] = {}
    seen: set[tuple[int, int]] = set()
    for number in range(found.header, len(table.rows)):
        row = table.rows[number]
        cells = _by_kind(row, found)
        text = cells.get("task", "")
        order = squeeze(clean(cells.get("order", "")))
        if _is_group(row, cells, text):
            group = _group_number(order, text) or group
            held = {"lead": cells.get("lead", "")} if cells.get("lead") and cells.get("lead") != text else {}
            continue
        if not re.search(r"\w{2}", text):
            if tasks and any(cells.get(kind) for kind in ("lead", "coordinate")):
                tasks[-1] = _with_cells(tasks[-1], cells)
            continue
        place = next((cell for column, cell in enumerate(row) if found.places.get(column) == "task"), row[0])
        if (place.row, place.column) in seen and place.row != number:
            continue
        seen.add((place.row, place.column))
        path = ".".join(
            piece
            for piece in (section, group, order.rstrip("."))
            if piece and not (piece == group and order.startswith(f"{group}."))
        )
        told = {**held, **{key: value for key, value in cells.items() if value}}
        tasks.extend(_task(piece, place, told, path, heading) for piece in _pieces(text))
    return tasks


def _by_kind(row: tuple[Cell, ...], found: Columns) -> dict[str, str]:
    cells: dict[str, str] = {}
    for column, cell in enumerate(row):
        kind = found.places.get(column)
        if kind and cell.text.strip():
            if kind in cells:
                if cell.text not in cells[kind]:
                    cells[kind] = f"{cells[kind]}\n{cell.text}"
            else:
                cells[kind] = cell.text.strip()
    return cells


def _is_group(row: tuple[Cell, ...], cells: dict[str, str], text: str) -> bool:
    """Whether a row only names the group of the rows below it."""
    texts = [squeeze(cell.text) for cell in row]
    distinct = {cell for cell in texts if cell}
    if len(row) > 2 and len(distinct) <= 2 and text and texts.count(squeeze(text)) > 1:
        return True
    filled = [kind for kind in ("lead", "coordinate", "time", "product") if cells.get(kind)]
    order = clean(cells.get("order", "")).strip(".")
    if filled:
        return False
    return bool(re.fullmatch(r"[IVX]+|[A-Z]", order)) or len(distinct) <= 2


def _group_number(order: str, text: str) -> str:
    if order:
        return order.rstrip(".)")
    found = mark(clean(text))
    return found.label if found else ""


def _pieces(text: str) -> list[str]:
    """A cell cut into its tasks: at its bullets, and at the ends of sentences."""
    lines = [clean(line) for line in text.split("\n") if clean(line)]
    joined: list[str] = []
    for line in lines:
        opens = bullet(line)[1] or mark(line)
        if joined and not opens and not re.search(r"[.;:]$", joined[-1]):
            joined[-1] = f"{joined[-1]} {line}"
        else:
            joined.append(line)
    pieces: list[str] = []
    lists = sum(1 for line in joined if bullet(line)[1]) > 1
    for line in joined:
        start = bullet(line)[1]
        found = mark(line)
        if found and not start:
            start = found.end
        if lists and not bullet(line)[1] and line.endswith(":"):
            continue
        pieces.extend(clause.text.rstrip(";").rstrip() for clause in clauses(line, start))
    return [piece for piece in pieces if re.search(r"\w{2}", piece)]


def _task(text: str, place: Cell, cells: dict[str, str], path: str, heading: tuple[str, ...]) -> Task:
    often, often_words = recurrence(text)
    day, day_words, _ = deadline(text)
    task = Task(
        section=path,
        text=text,
        lines=(place.first, place.last),
        lead=heading,
        lead_from="heading" if heading else "none",
        recurrence=often,
        recurrence_text=often_words,
        deadline=day,
        deadline_text=day_words,
        references=cited(text),
        doubts=("from_table",) + (() if heading else ("no_lead",)),
        role="chu_tri" if "chủ trì" in text.lower() else "thuc_hien",
        coordinate=coordinators(Tokens(text), text)[0],
    )
    return _with_cells(task, cells)


def _with_cells(task: Task, cells: dict[str, str]) -> Task:
    if cells.get("lead"):
        words = cells["lead"]
        others = coordinators(Tokens(clean(words)), clean(words))[0]
        words = re.split(r"[;,(.\n]?\s*(?:phối hợp|và các đơn vị phối hợp)", words, maxsplit=1, flags=re.IGNORECASE)[0]
        words = re.sub(r"\b(?:chủ trì|thực hiện)\b\s*[:,;]?", "", words, flags=re.IGNORECASE)
        leads = named("\n".join(clean(line) for line in _unwrapped(words)))
        if leads:
            task = replace(task, lead=leads, lead_from="column")
        if others:
            task = replace(task, coordinate=tuple(dict.fromkeys(task.coordinate + others)))
    if cells.get("coordinate"):
        names = named("\n".join(clean(line) for line in _unwrapped(cells["coordinate"])))
        task = replace(task, coordinate=tuple(dict.fromkeys(task.coordinate + names)))
    if cells.get("time"):
        words = clean(squeeze(cells["time"]))
        often, often_words = recurrence_in_label(words)
        day, day_words, _ = deadline_in_label(words)
        task = replace(
            task,
            recurrence=often or task.recurrence, recurrence_text=often_words or task.recurrence_text,
            deadline=day or task.deadline, deadline_text=day_words or task.deadline_text,
            horizon=words if not (often or day_words) else task.horizon,
        )  # fmt: skip
    if cells.get("product"):
        task = replace(task, product=squeeze(cells["product"]))
    return task


def _unwrapped(text: str) -> list[str]:
    """The lines of a cell, those that only wrap put together."""
    lines: list[str] = []
    for line in text.split("\n"):
        piece = line.strip()
        if not piece:
            continue
        opens = bullet(piece)[1] > 0
        if lines and not opens and not lines[-1].endswith((";", ".")):
            lines[-1] = f"{lines[-1]} {piece}"
        else:
            lines.append(piece)
    return lines
