"""A server that is killed while it takes a plan in leaves the whole draft or nothing of it: a real process, SIGKILL."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

NOTHING = {"rows": [0, 0, 0, 0, 0], "lines": 0, "broken": None}
WHOLE = {"rows": [1, 1, 1, 300, 300], "lines": 1, "broken": None}


@pytest.fixture
def surroundings(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a server with a database of its own: a file, or one in the cluster of these tests."""
    (tmp_path / "static").mkdir()
    own = {name: value for name, value in os.environ.items() if not name.startswith("HIEUHOC_")}
    own |= {
        "DJANGO_SETTINGS_MODULE": "hieuhoc.project.settings",
        "PYTHONPATH": os.pathsep.join(["src", "."]),
        "HIEUHOC_DATA_DIR": str(tmp_path),
        "HIEUHOC_TODAY": "2020-11-16",
    }
    address = os.environ.get("HIEUHOC_DATABASE_URL", "")
    if not address.startswith("postgres"):
        yield own
        return
    name = sql.Identifier(f"killed_{os.getpid()}")
    with psycopg.connect(address, autocommit=True) as cluster:
        cluster.execute(sql.SQL("CREATE DATABASE {}").format(name))
        yield own | {"HIEUHOC_DATABASE_URL": urlsplit(address)._replace(path=f"/killed_{os.getpid()}").geturl()}
        cluster.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def server(surroundings: dict[str, str], repository: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.programme.plans.dying_server", *words]
    return subprocess.run(
        command, env=surroundings, cwd=repository, capture_output=True, text=True, check=False, timeout=120
    )


def counted(surroundings: dict[str, str], repository: Path) -> dict[str, Any]:
    done = server(surroundings, repository, "count")
    assert done.returncode == 0, done.stderr
    counts: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return counts


def test_a_server_killed_at_any_statement_leaves_nothing_and_the_next_one_writes_the_whole(
    surroundings: dict[str, str], repository: Path
) -> None:
    done = server(surroundings, repository, "prepare")
    assert done.returncode == 0, done.stderr
    # What one of them left would stop the next: the document would have been taken in before.
    for after in (4, 6, 8, 10):
        killed = server(surroundings, repository, "write", str(after))
        assert killed.returncode == -signal.SIGKILL, (after, killed.stdout, killed.stderr)
    assert counted(surroundings, repository) == NOTHING
    done = server(surroundings, repository, "write", "0")
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.splitlines()[-1]) >= 10
    assert counted(surroundings, repository) == WHOLE
