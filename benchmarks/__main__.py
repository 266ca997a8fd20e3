"""Ask every question, or those named: `python -m benchmarks reader restating pages`."""

import importlib
import sys

from benchmarks.record import keep

QUESTIONS = (
    "reader",
    "restating",
    "totals",
    "refreshing",
    "reorganising",
    "units",
    "pages",
    "papers",
    "workbooks",
    "learning",
    "attendance_offline",
)


def main() -> int:
    chosen = sys.argv[1:] or list(QUESTIONS)
    if unknown := set(chosen) - set(QUESTIONS):
        print(f"No such question: {', '.join(sorted(unknown))}. There are: {', '.join(QUESTIONS)}.", file=sys.stderr)
        return 2
    broken = 0
    for question in chosen:
        module = importlib.import_module(f"benchmarks.{question}")
        print(f"\n{module.__doc__.splitlines()[0]}")
        measures = module.measure()
        for one in measures:
            print(one)
        keep(question, measures)
        broken += sum(not one.holds for one in measures)
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
