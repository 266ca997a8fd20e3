"""Migrations: none is missing, and all run forward, back and forward again."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

FORWARD_AND_BACK = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
own = ("reports", "learning", "plans", "people", "indicators", "accounts", "places", "outbox", "records")
for app in ("mfa", "admin", "account", *own):
    call_command("migrate", app, "zero", verbosity=0)
call_command("migrate", verbosity=0)
call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)
"""


@pytest.fixture
def database_of_its_own(db: None, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a process that works on an empty database of the kind under test."""
    environment = {"HIEUHOC_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "hieuhoc.project.settings"}
    if connection.vendor == "sqlite":
        yield environment
        return
    name = f"forward_and_back_{os.getpid()}"
    # The database's own door: a database is made outside of any transaction.
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    address = os.environ["HIEUHOC_DATABASE_URL"].replace("/postgres?", f"/{name}?")
    yield environment | {"HIEUHOC_DATABASE_URL": address}
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name}")


def test_migrations_run_forward_back_and_forward_again_and_none_is_missing(
    database_of_its_own: dict[str, str], repository: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORWARD_AND_BACK],
        cwd=repository,
        env={**os.environ, "PYTHONPATH": "src", **database_of_its_own},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
