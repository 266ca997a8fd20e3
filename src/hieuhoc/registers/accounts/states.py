"""The life of an invitation, as a table of moves. That it has run out is told by its date, not by its state."""

from hieuhoc.kernel.states import Machine, Move

INVITATION = Machine(
    "invitation",
    start="sent",
    states={"sent": "Chờ chấp nhận", "accepted": "Đã chấp nhận", "withdrawn": "Đã thu hồi"},
    moves={
        "accept": Move(("sent",), "accepted"),
        "withdraw": Move(("sent",), "withdrawn"),
    },
)
