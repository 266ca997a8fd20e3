"""The states of a job."""

from hieuhoc.kernel.states import Machine, Move

JOB = Machine(
    "job",
    start="waiting",
    states={
        "waiting": "Đang chờ",
        "running": "Đang chạy",
        "done": "Đã xong",
        "failed": "Không xong",
        "stopped": "Đã dừng",
    },
    moves={
        "start": Move(("waiting",), "running"),
        "put_back": Move(("running",), "waiting"),
        "finish": Move(("running",), "done"),
        "fail": Move(("waiting", "running"), "failed"),
        "stop": Move(("waiting", "running"), "stopped"),
    },
)
OPEN = ("waiting", "running")
