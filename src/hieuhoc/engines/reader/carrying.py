"""Sources and readings as plain JSON values and back, so that they can cross from one process to another."""

import types
import typing
from dataclasses import asdict, fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any

from hieuhoc.engines.reader.reading import Reading
from hieuhoc.engines.reader.source import Block, Cell, Paragraph, Source, Table


def source_as_json(source: Source) -> dict[str, Any]:
    """A source as plain values; blocks as short lists, since there may be a hundred thousand."""
    return {
        "lines": source.lines,
        "blocks": [_block_as_json(block) for block in source.blocks],
        "format": source.format,
        "wrapped": source.wrapped,
        "encoding": source.encoding,
        "notes": source.notes,
    }


def source_from_json(value: dict[str, Any]) -> Source:
    """The source that `source_as_json` made plain."""
    return Source(
        tuple(value["lines"]),
        tuple(_block_from_json(block) for block in value["blocks"]),
        value["format"],
        value["wrapped"],
        value["encoding"],
        tuple(value["notes"]),
    )


def reading_as_plain(reading: Reading) -> dict[str, Any]:
    """A reading as plain values and dates, exactly; `Reading.as_json` is the shape for other programs."""
    return asdict(reading)


def reading_from_json(value: dict[str, Any]) -> Reading:
    """The reading that `reading_as_plain` made plain, its dates in ISO form."""
    made = _made(Reading, value)
    assert isinstance(made, Reading)  # noqa: S101 - tells the type checker what `_made` was asked for
    return made


def _block_as_json(block: Block) -> list[Any]:
    if isinstance(block, Paragraph):
        return ["p", block.text, block.first, block.last, block.bold, block.centred, block.heading]
    rows = [[[cell.text, cell.first, cell.last, cell.row, cell.column] for cell in row] for row in block.rows]
    return ["t", rows, block.first, block.last]


def _block_from_json(value: list[Any]) -> Block:
    if value[0] == "p":
        return Paragraph(*value[1:])
    return Table(tuple(tuple(Cell(*cell) for cell in row) for row in value[1]), value[2], value[3])


def _made(kind: Any, value: Any) -> Any:
    """A plain value as what a field's annotation says it is."""
    if value is None:
        return None
    if is_dataclass(kind) and isinstance(kind, type):
        return kind(**{name: _made(inner, value[name]) for name, inner in _kinds(kind).items()})
    origin, inside = typing.get_origin(kind), typing.get_args(kind)
    if origin is types.UnionType or origin is typing.Union:
        return _made(next(one for one in inside if one is not type(None)), value)
    if origin is tuple:
        each = inside[0]
        return tuple(_made(each, one) for one in value)
    if kind is date:
        return date.fromisoformat(value)
    return value


@cache
def _kinds(kind: type) -> dict[str, Any]:
    known = typing.get_type_hints(kind)
    return {one.name: known[one.name] for one in fields(kind)}
