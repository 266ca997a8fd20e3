"""A reading as a page of text for the terminal: header, bases, then every section with its tasks."""

import textwrap
from collections.abc import Iterator, Sequence

from hieuhoc.engines.reader.reading import Lines, Reading, Section, Task

WIDTH = 110


def outline(reading: Reading, *, notes: Sequence[str] = ()) -> str:
    """The reading for a person's eye, in the order of the document."""
    parts = [*_header(reading), "", *_bases(reading), *_sections(reading), *_end(reading)]
    parts += [f"Lưu ý: {note}" for note in (*notes, *reading.notes)]
    return "\n".join(parts).rstrip()


def _header(reading: Reading) -> Iterator[str]:
    day = reading.date.strftime("%d/%m/%Y") if reading.date else "không rõ ngày"
    issuer = (reading.issuer or "không rõ cơ quan ban hành") + (" (suy ra)" if reading.issuer_inferred else "")
    yield " · ".join([(reading.kind or "Văn bản").upper(), reading.number or "không rõ số", day, issuer])
    if reading.title:
        yield from _wrapped(reading.title, 0)


def _bases(reading: Reading) -> Iterator[str]:
    if not reading.bases:
        return
    yield f"Căn cứ ({len(reading.bases)})"
    for basis in reading.bases:
        yield from _wrapped(f"• {basis.text}  {_place(basis.lines)}", 2)
    yield ""


def _sections(reading: Reading) -> Iterator[str]:
    """Every section with its tasks, and tasks that stand in none, in the order of their lines."""
    known = {section.path for section in reading.sections}
    by_section: dict[str, list[Task]] = {}
    loose: list[Task] = []
    for task in reading.tasks:
        (by_section.setdefault(task.section, []) if task.section in known else loose).append(task)
    parts: list[Section | Task] = [*reading.sections, *loose]
    for part in sorted(parts, key=lambda part: part.lines[0]):
        if isinstance(part, Task):
            yield from _tasks([part], 2)
        else:
            yield from _section(part, by_section.get(part.path, []))


def _section(section: Section, tasks: Sequence[Task]) -> Iterator[str]:
    indent = 2 * max(section.level - 1, 0)
    yield from _wrapped(f"{section.path}  {section.heading}", indent)
    yield from _tasks(tasks, indent + 2)


def _tasks(tasks: Sequence[Task], indent: int) -> Iterator[str]:
    for task in tasks:
        yield from _wrapped(f"• {task.text}  {_place(task.lines)}", indent)
        says = [
            f"{label}: {', '.join(values)}"
            for label, values in (("chủ trì", task.lead), ("phối hợp", task.coordinate))
            if values
        ]
        says += [value for value in (task.recurrence, task.deadline_text) if value]
        says += [f"độ chắc chắn {task.confidence:.0%}"] if task.confidence < 1 else []
        if says:
            yield from _wrapped("→ " + " · ".join(says), indent + 2)


def _end(reading: Reading) -> Iterator[str]:
    yield ""
    if reading.recipients:
        yield from _wrapped("Nơi nhận: " + "; ".join(reading.recipients), 0)
    if reading.signer.name:
        yield f"Người ký: {reading.signer.name}" + (f", {reading.signer.position}" if reading.signer.position else "")
    doubtful = sum(bool(task.doubts) for task in reading.tasks)
    yield f"{len(reading.sections)} đề mục, {len(reading.tasks)} nhiệm vụ, trong đó {doubtful} cần xem lại."


def _place(lines: Lines) -> str:
    first, last = lines
    return f"[dòng {first}]" if first == last else f"[dòng {first}–{last}]"


def _wrapped(text: str, indent: int) -> list[str]:
    hanging = " " * (indent + 2)
    return textwrap.wrap(text, WIDTH, initial_indent=" " * indent, subsequent_indent=hanging) or [""]
