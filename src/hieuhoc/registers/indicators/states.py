"""The state machines of indicators: a definition, and a stored total."""

from hieuhoc.kernel.states import Machine, Move
from hieuhoc.kernel.terms import Term

DEFINITION = Machine(
    "definition",
    start="draft",
    states={"draft": "Bản nháp", "in_force": "Đang dùng", "ended": "Hết hiệu lực"},
    moves={
        "put_in_force": Move(("draft",), "in_force"),
        "end": Move(("in_force",), "ended", reason=True),
    },
)

# A figure is provisional until everything beneath it is approved; it is published by somebody who may.
PROVISIONAL, APPROVED, PUBLISHED = "provisional", "approved", "published"
FIGURE = {PROVISIONAL: Term("Tạm tính"), APPROVED: Term("Đã duyệt"), PUBLISHED: Term("Đã công bố")}
