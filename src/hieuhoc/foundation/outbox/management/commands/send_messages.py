"""Sends what waits in the outbox."""

from typing import Any

from django.core.management.base import BaseCommand

from hieuhoc.foundation.outbox import services


class Command(BaseCommand):
    help = "Gửi các thư đang chờ trong hộp thư đi."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Đã gửi {services.send_waiting()} thư.")
