"""Run the tests on one database or on both: `python tools/run_tests.py sqlite postgresql [-- words for pytest]`.

The browser tests run once, on the first database. What the machine lacks is said plainly and left out; with
HIEUHOC_REQUIRE_ALL=1 (continuous integration) it is a failure.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import postgres

ROOT = Path(__file__).resolve().parent.parent
NO_CHROMIUM = "Chromium is not on this machine: no browser tests (Debian, Ubuntu: apt-get install chromium)."
NO_POSTGRESQL = f"Not tested on PostgreSQL. {postgres.HOW_TO_GET_IT}"
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def main() -> int:
    words = sys.argv[1:]
    cut = words.index("--") if "--" in words else len(words)
    databases, more = words[:cut], words[cut + 1 :]
    if not databases or set(databases) - {"sqlite", "postgresql"}:
        print("Say on which database: sqlite, postgresql, or both.", file=sys.stderr)
        return 2
    lacking = _lacking(databases)
    for sentence in lacking:
        print(sentence, file=sys.stderr, flush=True)
    if lacking and os.environ.get("HIEUHOC_REQUIRE_ALL") == "1":
        print("HIEUHOC_REQUIRE_ALL is set: what is missing is a failure.", file=sys.stderr)
        return 1
    results = [_run(database, more) for database in databases if not (database == "postgresql" and not _has_pg())]
    for sentence in lacking:
        print(f"NOTE: {sentence}", file=sys.stderr)
    return next((result for result in results if result), 0)


def _lacking(databases: list[str]) -> list[str]:
    sentences = []
    if "sqlite" in databases and not any(shutil.which(name) for name in BROWSERS):
        sentences.append(NO_CHROMIUM)
    if "postgresql" in databases and not _has_pg():
        sentences.append(NO_POSTGRESQL)
    return sentences


def _has_pg() -> bool:
    return postgres.programs() is not None


def _run(database: str, more: list[str]) -> int:
    print(f"\n=== Tests on {'SQLite' if database == 'sqlite' else 'PostgreSQL'}", flush=True)
    pytest = [sys.executable, "-m", "pytest", "-n", os.environ.get("HIEUHOC_TEST_WORKERS", "2"), *more]
    pytest += ["--dist", "worksteal"]  # a worker that is done takes over what the other has not begun
    os.chdir(ROOT)
    if database == "sqlite":
        environment = {name: value for name, value in os.environ.items() if name != "HIEUHOC_DATABASE_URL"}
        return subprocess.run(pytest, check=False, env=environment).returncode
    # Once is enough for the pure floors, for words, for servers and commands that open databases of their own, for
    # requests at random, and for the tables of addresses and of queries, which say the same of both databases; who sees
    # what is asked on both by the tests of each app.
    tables = [f"whole/test_{name}.py" for name in ("access", "query_counts", "repository", "architecture")]
    houses = [f"project/test_{name}.py" for name in ("commands", "english", "paper", "rollup", "serving")]
    once = ["kernel", "engines", "properties", "foundation/ui", "api/test_unexpected.py", *houses, *tables]
    without = [*(f"--ignore=tests/{name}" for name in once), "-m", "not browser"]
    return postgres.run([*pytest, *without])


if __name__ == "__main__":
    sys.exit(main())
