"""The state machines of learning: a centre's plan of a year, an activity, a session, an enrolment, an assessment."""

from hieuhoc.kernel.states import Machine, Move

YEAR_PLAN = Machine(
    "year_plan",
    start="draft",
    states={"draft": "Đang lập", "submitted": "Chờ duyệt", "returned": "Bị trả lại", "approved": "Đã duyệt"},
    moves={
        "submit": Move(("draft", "returned"), "submitted"),
        "withdraw": Move(("submitted",), "draft"),
        "return": Move(("submitted",), "returned", reason=True),
        "approve": Move(("submitted",), "approved"),
        "reopen": Move(("approved",), "draft", reason=True),
    },
)

ACTIVITY = Machine(
    "activity",
    start="draft",
    states={"draft": "Bản nháp", "open": "Đang mở", "ended": "Đã kết thúc", "cancelled": "Đã hủy"},
    moves={
        "open": Move(("draft",), "open"),
        "end": Move(("open",), "ended"),
        "reopen": Move(("ended",), "open", reason=True),
        "cancel": Move(("draft", "open"), "cancelled", reason=True),
    },
)

SESSION = Machine(
    "session",
    start="planned",
    states={"planned": "Sắp học", "held": "Đã học", "cancelled": "Đã hủy"},
    moves={
        "hold": Move(("planned",), "held"),
        "undo": Move(("held",), "planned", reason=True),
        "cancel": Move(("planned",), "cancelled", reason=True),
        "restore": Move(("cancelled",), "planned"),
    },
)

ENROLMENT = Machine(
    "enrolment",
    start="enrolled",
    states={"waiting": "Chờ chỗ", "enrolled": "Đã ghi danh", "completed": "Hoàn thành", "cancelled": "Đã thôi"},
    moves={
        "admit": Move(("waiting",), "enrolled"),
        "complete": Move(("enrolled",), "completed"),
        "undo": Move(("completed",), "enrolled", reason=True),
        "cancel": Move(("waiting", "enrolled"), "cancelled"),
        "return": Move(("cancelled",), "waiting"),
    },
)
TAKING_A_PLACE = ("enrolled", "completed")

ASSESSMENT = Machine(
    "assessment",
    start="draft",
    states={"draft": "Đang tự chấm", "submitted": "Chờ thẩm định", "returned": "Bị trả lại", "verified": "Đã xếp loại"},
    moves={
        "submit": Move(("draft", "returned"), "submitted"),
        "withdraw": Move(("submitted",), "draft"),
        "return": Move(("submitted",), "returned", reason=True),
        "verify": Move(("submitted",), "verified"),
        "reopen": Move(("verified",), "submitted", reason=True),
    },
)

GRADING = Machine(
    "grading",
    start="draft",
    states={"draft": "Bản nháp", "in_force": "Đang dùng", "retired": "Ngừng dùng"},
    moves={
        "put_in_force": Move(("draft",), "in_force"),
        "retire": Move(("in_force",), "retired"),
    },
)
