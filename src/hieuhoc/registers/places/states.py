"""The state machine of a reorganisation: prepared by one person, approved by another, carried out on its day."""

from hieuhoc.kernel.states import Machine, Move

REORGANISATION = Machine(
    "reorganisation",
    start="draft",
    states={
        "draft": "Đang soạn",
        "submitted": "Chờ duyệt",
        "approved": "Đã duyệt, chờ đến ngày",
        "executed": "Đã thực hiện",
        "discarded": "Đã bỏ",
    },
    moves={
        "submit": Move(("draft",), "submitted"),
        "return": Move(("submitted", "approved"), "draft", reason=True),
        "approve": Move(("submitted",), "approved"),
        "execute": Move(("approved",), "executed"),
        "take_back": Move(("executed",), "draft", reason=True),
        "discard": Move(("draft",), "discarded"),
        "restore": Move(("discarded",), "draft"),
    },
)
