"""A worker killed in the middle: the next one goes on, and nothing is lost or done twice."""

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

ITEMS, KILLS = 60, 2


@pytest.fixture
def surroundings(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a house with a database of its own: a file, or one in the cluster of these tests."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("HIEUHOC_")}
    own |= {
        "DJANGO_SETTINGS_MODULE": "tests.foundation.jobs.house",
        "PYTHONPATH": os.pathsep.join(["src", "."]),
        "HIEUHOC_DATA_DIR": str(tmp_path),
    }
    address = os.environ.get("HIEUHOC_DATABASE_URL", "")
    if not address.startswith("postgres"):
        yield own
        return
    name = f"working_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as cluster:
        cluster.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield own | {"HIEUHOC_DATABASE_URL": urlsplit(address)._replace(path=f"/{name}").geturl()}
        cluster.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_a_killed_worker_s_job_is_finished_by_the_next_without_loss_or_repetition(
    surroundings: dict[str, str], repository: Path
) -> None:
    command = [sys.executable, "-m", "tests.foundation.jobs.killing", str(ITEMS), str(KILLS)]
    done = subprocess.run(
        command, env=surroundings, cwd=repository, capture_output=True, text=True, check=False, timeout=240
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "locked" not in done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert all(0 < count < ITEMS for count in found["reached"]), "a worker was not killed in the middle"
    assert (found["state"], found["done"], found["results"]) == ("done", ITEMS, ITEMS)
    assert found["letters"] == sorted(f"tệp {number}" for number in range(ITEMS))
    assert found["attempts"] == KILLS + 1
    assert found["ended"] == 0
    assert found["trail"]
