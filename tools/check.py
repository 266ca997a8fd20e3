"""Everything that can be judged without running the tests; each check on one line, the failed ones in full."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CHECKS: dict[str, list[str]] = {
    "types (mypy)": [str(BIN / "mypy"), "src", "tools"],
    "form (ruff format)": [str(BIN / "ruff"), "format", "--check", "."],
    "lint (ruff)": [str(BIN / "ruff"), "check", "."],
    "floors (import-linter)": [str(BIN / "lint-imports")],
    "templates (djlint)": [str(BIN / "djlint"), "src", "--lint", "--quiet"],
    "settings (manage.py check)": [sys.executable, "manage.py", "check"],
    "migrations": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
    "translations": [sys.executable, "tools/messages.py", "--check"],
    "no traces of machines": [sys.executable, "tools/traces.py"],
}


def main() -> int:
    with ThreadPoolExecutor(max_workers=2) as pool:
        results = list(pool.map(_judge, CHECKS))
    failed = [name for name, good in zip(CHECKS, results, strict=True) if not good]
    print(f"\n{len(failed)} of {len(CHECKS)} checks failed: {', '.join(failed)}" if failed else "\nAll checks hold.")
    return int(bool(failed))


def _judge(name: str) -> bool:
    started = time.perf_counter()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("HIEUHOC_")}
    done = subprocess.run(
        CHECKS[name],
        cwd=ROOT,
        check=False,
        env=environment | {"PYTHONPATH": "src"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    words = f"{'ok    ' if done.returncode == 0 else 'FAILED'}  {name}  {time.perf_counter() - started:.1f} s"
    print(words if done.returncode == 0 else f"{words}\n{done.stdout.rstrip()}", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
