"""A server killed while it carries a reorganisation out leaves the house wholly before it or wholly after it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

# In the suite a few; `HIEUHOC_KILLS=100` for the whole proof.
TIMES = int(os.environ.get("HIEUHOC_KILLS", "8"))


@pytest.fixture
def surroundings(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a server with a database of its own: a file, or one in the cluster of these tests."""
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
    name = sql.Identifier(f"reorganising_{os.getpid()}")
    with psycopg.connect(address, autocommit=True) as cluster:
        cluster.execute(sql.SQL("CREATE DATABASE {}").format(name))
        yield own | {"HIEUHOC_DATABASE_URL": urlsplit(address)._replace(path=f"/reorganising_{os.getpid()}").geturl()}
        cluster.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def test_killed_at_any_moment_it_is_wholly_before_or_wholly_after(
    surroundings: dict[str, str], repository: Path
) -> None:
    command = [sys.executable, "-m", "tests.stories.killing", str(TIMES), "2025"]
    done = subprocess.run(
        command, env=surroundings, cwd=repository, capture_output=True, text=True, check=False, timeout=30 + 10 * TIMES
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["between"] == found["broken"] == 0, found
    assert found["before"] + found["after"] == TIMES
    assert found["before"] > 0, "nothing was killed on the way"
