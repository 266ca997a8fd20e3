"""The state machines of a plan: the document, the assignment of a task to an agency, an obstacle."""

from hieuhoc.kernel.states import Machine, Move

PLAN = Machine(
    "plan",
    start="draft",
    states={"draft": "Bản đọc đang soát", "issued": "Đang thực hiện", "closed": "Đã kết thúc", "discarded": "Đã bỏ"},
    moves={
        "issue": Move(("draft",), "issued"),
        "discard": Move(("draft",), "discarded"),
        "restore": Move(("discarded",), "draft"),
        "close": Move(("issued",), "closed", reason=True),
        "reopen": Move(("closed",), "issued", reason=True),
    },
)

TASK = Machine(
    "task",
    start="proposed",
    states={"proposed": "Chưa soát", "checked": "Đã soát", "dismissed": "Đã loại"},
    moves={
        "check": Move(("proposed",), "checked"),
        "uncheck": Move(("checked",), "proposed"),
        "dismiss": Move(("proposed", "checked"), "dismissed"),
        "restore": Move(("dismissed",), "proposed"),
    },
)

ASSIGNMENT = Machine(
    "assignment",
    start="assigned",
    states={
        "assigned": "Mới giao",
        "underway": "Đang thực hiện",
        "returned": "Bị trả lại",
        "done": "Chờ xác nhận",
        "confirmed": "Hoàn thành",
        "cancelled": "Đã hủy",
        "joined": "Đã gộp",
    },
    moves={
        "accept": Move(("assigned",), "underway"),
        "report": Move(("assigned", "underway", "returned"), "underway"),
        "complete": Move(("assigned", "underway", "returned"), "done"),
        "withdraw": Move(("done",), "underway"),
        "confirm": Move(("done",), "confirmed"),
        "return": Move(("done", "confirmed"), "returned", reason=True),
        "hand_over": Move(("assigned", "underway", "returned"), "assigned", reason=True),
        "cancel": Move(("assigned", "underway", "returned", "done"), "cancelled", reason=True),
        "reinstate": Move(("cancelled",), "assigned", reason=True),
        "join": Move(("assigned", "underway", "returned", "done"), "joined", reason=True),
    },
)
OPEN = ("assigned", "underway", "returned")
ENDED = ("confirmed", "cancelled", "joined")
UNFINISHED = (*OPEN, "done")
"""Somebody still has something to do: these pass to the heir of a unit that ends."""
LEFT_OUT = ("cancelled", "joined")
"""These count in no total: nobody owes them, or they count with the one that they were joined into."""

OBSTACLE = Machine(
    "obstacle",
    start="raised",
    states={
        "raised": "Chờ cơ quan đầu mối",
        "escalated": "Chờ tỉnh quyết định",
        "answered": "Đã trả lời",
        "closed": "Đã đóng",
        "withdrawn": "Đã rút",
    },
    moves={
        "escalate": Move(("raised",), "escalated", reason=True),
        "answer": Move(("raised", "escalated"), "answered", reason=True),
        "reopen": Move(("answered", "closed"), "raised", reason=True),
        "close": Move(("answered",), "closed"),
        "withdraw": Move(("raised", "escalated"), "withdrawn"),
    },
)
OBSTACLE_OPEN = ("raised", "escalated", "answered")

LINK = Machine(
    "link",
    start="proposed",
    states={"proposed": "Đề xuất", "confirmed": "Đã xác nhận", "rejected": "Không liên quan"},
    moves={
        "confirm": Move(("proposed", "rejected"), "confirmed"),
        "reject": Move(("proposed", "confirmed"), "rejected"),
    },
)
