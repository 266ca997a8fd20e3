"""The state machines of reporting: a version of a form, a round, and one unit's submission."""

from hieuhoc.kernel.states import Machine, Move

FORM = Machine(
    "form",
    start="draft",
    states={"draft": "Bản nháp", "in_force": "Đang dùng", "retired": "Ngừng dùng"},
    moves={
        "put_in_force": Move(("draft",), "in_force"),
        "retire": Move(("in_force",), "retired"),
        "discard": Move(("draft",), "retired"),
    },
)

ROUND = Machine(
    "round",
    start="open",
    states={"open": "Đang mở", "closed": "Đã khép", "cancelled": "Đã hủy"},
    moves={
        "close": Move(("open",), "closed"),
        "reopen": Move(("closed",), "open", reason=True),
        "cancel": Move(("open",), "cancelled", reason=True),
    },
)

SUBMISSION = Machine(
    "submission",
    start="waiting",
    states={
        "waiting": "Chưa làm",
        "draft": "Đang làm",
        "submitted": "Đã nộp",
        "returned": "Bị trả lại",
        "approved": "Đã duyệt",
        "locked": "Đã khóa",
        "joined": "Đã gộp",
        "cancelled": "Không phải nộp",
    },
    moves={
        "fill": Move(("waiting", "draft", "returned"), "draft"),
        "submit": Move(("waiting", "draft", "returned"), "submitted"),
        "withdraw": Move(("submitted",), "draft"),
        "return": Move(("submitted", "approved"), "returned", reason=True),
        "approve": Move(("submitted",), "approved"),
        "lock": Move(("approved",), "locked"),
        "unlock": Move(("locked",), "approved", reason=True),
        "excuse": Move(("waiting", "draft", "returned"), "cancelled", reason=True),
        "ask_again": Move(("cancelled",), "waiting", reason=True),
        "join": Move(("waiting", "draft", "returned", "submitted"), "joined", reason=True),
    },
)
OWED = ("waiting", "draft", "returned")
"""The unit still has something to hand in: these pass to the heir of a unit that ends."""
HANDED_IN = ("submitted", "approved", "locked")
LEFT_OUT = ("cancelled", "joined")
"""These count in no total: nobody owes them, or they count with the one that they were joined into."""
