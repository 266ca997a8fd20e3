"""hieuhoc manage load_norms: load the norms of support that ship with the app."""

from typing import Any

from django.core.management.base import BaseCommand

from hieuhoc.programme.learning.services.money import load_norms


class Command(BaseCommand):
    help = "Nạp các mức hỗ trợ kèm theo phần mềm; chạy lại chỉ thêm những gì còn thiếu."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"+{len(load_norms())} mức hỗ trợ")
