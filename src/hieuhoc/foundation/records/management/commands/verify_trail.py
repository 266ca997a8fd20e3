"""Proves the trail, or names its first broken entry."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hieuhoc.foundation.records import trail
from hieuhoc.foundation.records.models import Entry


class Command(BaseCommand):
    help = "Kiểm tra nhật ký: mỗi dòng phải nối với dòng trước. Thoát với mã 1 và nêu dòng hỏng đầu tiên nếu có."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        broken = trail.verify()
        count = Entry.objects.count()
        if options["json"]:
            answer = {"entries": count, "broken": broken and {"number": broken[0], "reason": broken[1]}}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        elif broken:
            self.stderr.write(f"Nhật ký hỏng từ dòng {broken[0]}: {broken[1]}.")
        else:
            self.stdout.write(f"Nhật ký nguyên vẹn: {count} dòng.")
        if broken:
            raise SystemExit(1)
