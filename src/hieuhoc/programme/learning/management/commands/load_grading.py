"""hieuhoc manage load_grading: load the draft of criteria that ships with the app."""

from typing import Any

from django.core.management.base import BaseCommand

from hieuhoc.programme.learning.services.grading_sets import load_grading


class Command(BaseCommand):
    help = "Nạp bộ tiêu chí xếp loại dự thảo kèm theo phần mềm; chạy lại không đổi gì."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"+{0 if load_grading() is None else 1} bộ tiêu chí")
