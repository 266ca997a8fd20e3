"""The deeds of the form builder: what each button does to a layout. Every one gives a new layout and leaves the old.

A layout that is being made may be unfinished; whether it holds together is asked of `rules.layout`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.vietnamese import fold

Layout = dict[str, Any]
Block = dict[str, Any]

BLOCKS: tuple[tuple[str, Promise, Promise, str], ...] = (
    ("figures", gettext_lazy("Số liệu rời"), gettext_lazy("Từng số một, mỗi số một ô nhập."), "list"),
    ("table", gettext_lazy("Bảng số liệu"), gettext_lazy("Mỗi dòng một chỉ số, mỗi cột một phân tổ."), "report"),
    ("narrative", gettext_lazy("Phần lời"), gettext_lazy("Đoạn văn do đơn vị viết."), "text"),
    ("choice", gettext_lazy("Chọn một mục"), gettext_lazy("Danh sách để chọn, chẳng hạn Đạt / Chưa đạt."), "check"),
    ("units", gettext_lazy("Bảng theo đơn vị"), gettext_lazy("Số liệu của từng đơn vị trực thuộc."), "unit"),
    ("chart", gettext_lazy("Biểu đồ"), gettext_lazy("Vẽ một chỉ số theo thời gian hoặc theo đơn vị."), "chart"),
    ("progress", gettext_lazy("Tiến độ nhiệm vụ"), gettext_lazy("Tự lấy từ kế hoạch trong kỳ."), "plan"),
    ("obstacles", gettext_lazy("Khó khăn, vướng mắc"), gettext_lazy("Tự lấy từ vướng mắc trong kỳ."), "obstacle"),
)
BLOCK_NAMES: Mapping[str, Promise] = {code: name for code, name, _note, _icon in BLOCKS}


def sections_of(layout: Layout) -> list[dict[str, Any]]:
    """The sections of a layout that may be empty still."""
    return list(layout.get("sections") or [])


def blocks_of(layout: Layout) -> Iterator[Block]:
    """Every block, in the order of the page."""
    for section in sections_of(layout):
        yield from section.get("blocks") or []


def block_of(layout: Layout, key: str) -> Block:
    """The block of a key. Raises: Missing."""
    for block in blocks_of(layout):
        if block["key"] == key:
            return block
    raise Missing("Phần này không còn trong biểu mẫu.")


def new_key(words: str, taken: Iterable[str], *, short: str) -> str:
    """A key that nobody has, made of the first words of a name: "ket_qua"."""
    plain = re.sub(r"[^a-z0-9]+", "_", fold(words)).strip("_")
    begin = "_".join(plain.split("_")[:3])[:24].strip("_") or short
    if not begin[0].isalpha():
        begin = f"{short}_{begin}"
    known, number, key = set(taken), 1, begin
    while key in known:
        number += 1
        key = f"{begin}_{number}"
    return key


def _changed(layout: Layout) -> Layout:
    copy = deepcopy(layout)
    copy.setdefault("sections", [])
    copy.setdefault("checks", [])
    return copy


def _place(rows: list[dict[str, Any]], key: str) -> int:
    for place, row in enumerate(rows):
        if row["key"] == key:
            return place
    raise Missing("Phần này không còn trong biểu mẫu.")


def _moved(rows: list[dict[str, Any]], place: int, steps: int) -> None:
    there = min(max(place + steps, 0), len(rows) - 1)
    rows.insert(there, rows.pop(place))


def add_section(layout: Layout, heading: str) -> tuple[Layout, str]:
    """One more section at the end, and its key."""
    copy = _changed(layout)
    key = new_key(heading, (one["key"] for one in copy["sections"]), short="muc")
    copy["sections"].append({"key": key, "heading": heading, "blocks": []})
    return copy, key


def rename_section(layout: Layout, key: str, heading: str) -> Layout:
    """Another heading."""
    copy = _changed(layout)
    copy["sections"][_place(copy["sections"], key)]["heading"] = heading
    return copy


def move_section(layout: Layout, key: str, steps: int) -> Layout:
    """Further up (steps below zero) or down."""
    copy = _changed(layout)
    _moved(copy["sections"], _place(copy["sections"], key), steps)
    return copy


def remove_section(layout: Layout, key: str) -> Layout:
    """Without the section and everything in it."""
    copy = _changed(layout)
    del copy["sections"][_place(copy["sections"], key)]
    return copy


def new_block(kind: str, label: str, *, key: str) -> Block:
    """A block of a kind, with nothing in it yet."""
    block: Block = {"type": kind, "key": key, "label": label}
    if kind == "narrative":
        block |= {"guidance": "", "required": False}
    elif kind == "figures":
        block["cells"] = []
    elif kind == "table":
        block |= {"columns": [{"key": "tong", "label": _("Tổng số"), "by": ""}], "rows": []}
    elif kind == "choice":
        block |= {"options": [], "required": False}
    elif kind == "units":
        block["indicators"] = []
    elif kind == "chart":
        block |= {"indicator": "", "over": "time"}
    return block


def add_block(layout: Layout, section: str, kind: str, label: str) -> tuple[Layout, str]:
    """One more block at the end of a section, and its key."""
    copy = _changed(layout)
    name = label or str(BLOCK_NAMES[kind])
    key = new_key(name, (one["key"] for one in blocks_of(copy)), short=kind)
    copy["sections"][_place(copy["sections"], section)]["blocks"].append(new_block(kind, name, key=key))
    return copy, key


def _home(copy: Layout, key: str) -> dict[str, Any]:
    sections: list[dict[str, Any]] = copy["sections"]
    for section in sections:
        if any(block["key"] == key for block in section["blocks"]):
            return section
    raise Missing("Phần này không còn trong biểu mẫu.")


def move_block(layout: Layout, key: str, steps: int) -> Layout:
    """Further up or down; beyond the edge of its section into the one beside it."""
    copy = _changed(layout)
    home = _home(copy, key)
    rows, at = home["blocks"], _place(home["blocks"], key)
    if 0 <= at + steps < len(rows):
        _moved(rows, at, steps)
        return copy
    beside = copy["sections"].index(home) + (1 if steps > 0 else -1)
    if 0 <= beside < len(copy["sections"]):
        block = rows.pop(at)
        there = copy["sections"][beside]["blocks"]
        there.insert(0 if steps > 0 else len(there), block)
    return copy


def remove_block(layout: Layout, key: str) -> Layout:
    """Without the block."""
    copy = _changed(layout)
    rows = _home(copy, key)["blocks"]
    del rows[_place(rows, key)]
    return copy


def put_block(layout: Layout, block: Block) -> Layout:
    """With another content of the block of the same key."""
    copy = _changed(layout)
    rows = _home(copy, block["key"])["blocks"]
    rows[_place(rows, block["key"])] = block
    return copy


def put_checks(layout: Layout, checks: list[dict[str, Any]]) -> Layout:
    """With other checks."""
    return _changed(layout) | {"checks": checks}
