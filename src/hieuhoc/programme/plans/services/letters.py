"""The words of the messages that go out about a piece of work."""

from django.conf import settings
from django.urls import reverse

from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.programme.plans.models import Assignment, Obstacle

_CLOSING = "Thư này do phần mềm Hiếu Học gửi tự động; vui lòng không trả lời thư."


def letter_about(assignment: Assignment, *, opening: str) -> str:
    """A message about one assignment: why it is written, the task in full, its source, its due date, the address."""
    due = f"Hạn: {write_date(assignment.due_on)}\n" if assignment.due_on else ""
    return (
        f"{opening}\n\n{assignment.task.text}\n\n"
        f"Cơ quan: {assignment.unit.name}\n"
        f"Nguồn: {assignment.plan} · {assignment.task.code}\n{due}"
        f"{settings.PUBLIC_ADDRESS}{assignment.get_absolute_url()}\n\n{_CLOSING}\n"
    )


def letter_about_heritage(*, unit: str, count: int, document: str) -> str:
    """A message about work that has come to a unit through a reorganisation of units."""
    return (
        f"Theo {document}, {unit} tiếp tục {count} việc đang làm dở của các đơn vị trước sắp xếp. Lịch sử, minh chứng "
        f"và hạn của từng việc được giữ nguyên; việc trùng nhau đã gộp làm một.\n\n"
        f"{settings.PUBLIC_ADDRESS}{reverse('plans:desk')}\n\n{_CLOSING}\n"
    )


def letter_about_obstacle(obstacle: Obstacle, *, opening: str) -> str:
    """A message about one obstacle: why it is written, its words, and where it can be answered."""
    return (
        f"{opening}\n\n{obstacle.title}\n{obstacle.text}\n\n"
        f"Cơ quan nêu: {obstacle.unit.name}\n"
        f"Kế hoạch: {obstacle.plan}\n"
        f"{settings.PUBLIC_ADDRESS}{obstacle.get_absolute_url()}\n\n{_CLOSING}\n"
    )
