"""How long the reader takes: a plan of a province, texts up to 10 MB, every annotated document, a whole child process.

Beside it, on the same sources, a reader of fifty lines of regular expressions (`benchmarks.simple_reader`): how much
longer ours takes, and how much more it finds.
"""

import time
from collections import Counter
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from benchmarks.record import Measure, median_ms
from benchmarks.simple_reader import read_simply
from hieuhoc.engines.reader import read
from hieuhoc.engines.reader.bounded import read_bounded, read_here
from hieuhoc.engines.reader.loading import load

MEGABYTE = 1_000_000
DOCUMENTS = Path(__file__).parents[1] / "tests" / "fixtures" / "documents"


def measure() -> list[Measure]:
    # As a file: asking the package for it would start Django.
    plan = (resources.files("hieuhoc") / "project" / "demonstration" / "documents" / "144-KH-UBND.txt").read_bytes()
    size = len(plan) / 1000
    found = [
        Measure(
            f"a plan of {size:.0f} kB, in the process",
            median_ms(lambda: read_here(plan, "a.txt"), times=15),
            "ms",
            100,
            15,
        ),
        Measure(
            f"a plan of {size:.0f} kB, in a bounded process",
            median_ms(lambda: read_bounded(plan, "a.txt"), times=7),
            "ms",
            None,
            7,
        ),
    ]
    for megabytes, limit in ((1, None), (10, 60_000)):
        text = plan * (megabytes * MEGABYTE // len(plan) + 1)
        text = text[: megabytes * MEGABYTE].decode("utf-8", "ignore").encode()
        taken = _once(text)
        found.append(Measure(f"a text of {megabytes} MB, in the process", taken, "ms", limit))
    return found + _beside(plan)


def _beside(plan: bytes) -> list[Measure]:
    """Ours and the simple reader, side by side on the same sources."""
    source = load(plan, "a.txt")
    ours = median_ms(lambda: read(source), times=9)
    simple = median_ms(lambda: read_simply(source), times=9)
    found = [Measure("the plan, read by regular expressions alone", simple, "ms", None, 9)]
    found.append(Measure("the plan, ours : regular expressions", ours / simple, "times", None, 9))
    annotated = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in DOCUMENTS.glob("*.gold.yaml")]
    longest = sorted(annotated, key=lambda gold: -(DOCUMENTS / gold["file"]).stat().st_size)[:20]
    totals: dict[str, Counter[str]] = {"ours": Counter(), "regular expressions": Counter()}
    for gold in longest:
        content = (DOCUMENTS / gold["file"]).read_bytes()
        taken = median_ms(lambda: read_here(content, gold["file"]), times=3)  # noqa: B023 - called at once
        found.append(Measure(f"{gold['file']}, loaded and read", taken, "ms", None, 3))
        document = load(content, gold["file"])
        totals["ours"] += _matched(gold, read(document).tasks)
        totals["regular expressions"] += _matched(gold, read_simply(document))
    for who, total in totals.items():
        found.append(Measure(f"tasks found, {len(longest)} documents, {who}", 100 * _f1(total, "task"), "% F1"))
        found.append(Measure(f"leads found, {len(longest)} documents, {who}", 100 * _f1(total, "lead"), "% F1"))
    return found


def _matched(gold: dict[str, Any], found: Sequence[Any]) -> "Counter[str]":
    """How many tasks and leads were right, given and wanted; tasks match by six words of ten, best first."""
    scope = gold.get("task_scope")
    wanted = gold["tasks"]
    given = [one for one in found if not scope or getattr(one, "section", scope[0]).split(".")[0] in scope]
    sets = (
        [Counter(one["text"].lower().split()) for one in wanted],
        [Counter(one.text.lower().split()) for one in given],
    )
    pairs = sorted(
        ((_overlap(one, two), i, j) for i, one in enumerate(sets[0]) for j, two in enumerate(sets[1])), reverse=True
    )
    right: Counter[str] = Counter()
    left, used = set(range(len(wanted))), set[int]()
    for likeness, i, j in pairs:
        if likeness < 0.6:
            break
        if i in left and j not in used:
            left.discard(i)
            used.add(j)
            if wanted[i].get("optional"):
                continue
            right["task right"] += 1
            names = Counter(map(str.lower, wanted[i]["lead"])), Counter(map(str.lower, given[j].lead))
            right["lead right"] += (names[0] & names[1]).total()
            right["lead given"] += names[1].total()
    # A reader that names no sections cannot be asked to stay within those that were annotated.
    extra = 0 if scope and given and not hasattr(given[0], "section") else len(given) - len(used)
    right["task given"] = right["task right"] + extra
    right["task wanted"] = sum(not one.get("optional") for one in wanted)
    right["lead wanted"] = sum(len(one["lead"]) for one in wanted if not one.get("optional"))
    return right


def _overlap(one: "Counter[str]", two: "Counter[str]") -> float:
    return (one & two).total() / max(one.total(), two.total(), 1)


def _f1(total: "Counter[str]", what: str) -> float:
    return 2 * total[f"{what} right"] / max(total[f"{what} given"] + total[f"{what} wanted"], 1)


def _once(text: bytes) -> float:
    started = time.perf_counter()
    read_here(text, "a.txt")
    return (time.perf_counter() - started) * 1000
