"""hieuhoc manage load_topics: load the topics that ship with the app."""

from typing import Any

from django.core.management.base import BaseCommand

from hieuhoc.programme.learning.services.topics import load_topics


class Command(BaseCommand):
    help = "Nạp các chủ đề học tập kèm theo phần mềm; chạy lại chỉ thêm những gì còn thiếu."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"+{len(load_topics())} chủ đề")
