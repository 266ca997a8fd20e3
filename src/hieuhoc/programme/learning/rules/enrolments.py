"""When somebody may enrol, and who has a place. No Django."""

from datetime import date

from hieuhoc.kernel.terms import Term

OPEN_TO_ALL = "open"


def why_closed(
    *, state: str, enrolling: str, is_public: bool, until: date | None, last_on: date | None, on: date
) -> Term | None:
    """Why a citizen cannot enrol on a day, as a sentence; None when they can."""
    if state == "cancelled":
        return Term("Lớp, chuyên đề này đã hủy.")
    if state != "open" or not is_public or (last_on is not None and last_on < on):
        return Term("Lớp, chuyên đề này không còn nhận ghi danh.")
    if enrolling == "none":
        return Term("Lớp, chuyên đề này không cần ghi danh, ai đến cũng được.")
    if enrolling != OPEN_TO_ALL:
        return Term("Lớp, chuyên đề này do cơ sở ghi danh. Hãy liên hệ với cơ sở.")
    if until is not None and until < on:
        return Term("Đã hết hạn ghi danh.")
    return None


def is_free(*, capacity: int | None, taken: int, in_front: bool) -> bool:
    """Whether the next who comes gets a place: there is one, and nobody has waited for it longer."""
    return free_of(1, capacity=capacity, taken=taken, in_front=in_front) == 1


def free_of(number: int, *, capacity: int | None, taken: int, in_front: bool) -> int:
    """How many of those who come now get a place. Units: people.

    Example:
        >>> free_of(5, capacity=40, taken=38, in_front=False), free_of(5, capacity=None, taken=900, in_front=False)
        (2, 5)
    """
    if capacity is None:
        return number
    return 0 if in_front else min(number, max(capacity - taken, 0))


def admitted_text(*, title: str, code: str) -> str:
    """What somebody is told who waited and now has a place."""
    return f"Bạn đã có chỗ trong lớp {code}: {title}. Nếu không tham gia được, hãy mở liên kết ghi danh để nhường chỗ."


def reminder_text(*, title: str, when: str, url: str) -> str:
    """What somebody who has a place is told on the day before."""
    return f"Hiếu Học nhắc: {when}, {title[:100]}. Xem địa điểm: {url}"
