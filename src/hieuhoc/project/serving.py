"""The server as it runs in a province: granian for the pages, and beside it one process for what recurs and one for
what takes long.

All end together and cleanly at SIGTERM or Ctrl-C.
"""

import io
import multiprocessing
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
import structlog
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from hieuhoc.project.health import missing_migrations

BESIDE = {"recurring work": ["tick", "--every", "60"], "jobs": ["work"]}
"""What runs beside the pages, each in a process of its own: its name in the logs and its command."""
RESTART_SECONDS = 5
STOP_SECONDS = 10


def require_free(host: str, port: int) -> None:
    """Stop with a sentence when somebody else listens at the address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"Cannot listen on {host}:{port} ({error.strerror}). Choose another port with --port."
            ) from error


def require_sound() -> None:
    """Stop with a sentence when the house does not stand: settings that contradict one another, a broken address."""
    try:
        call_command("check", stdout=io.StringIO())
    except CommandError as error:
        raise click.ClickException(str(error)) from error


def require_migrated() -> None:
    """Stop with a sentence when the database is older than the code."""
    missing = missing_migrations()
    if missing:
        raise click.ClickException(
            f"The database lacks {len(missing)} migrations (the first is {missing[0]}). "
            "Run `hieuhoc manage migrate`, or start with --migrate."
        )


def collect_static() -> None:
    """Copy static files into the data folder, each under a name with its digest, and compressed."""
    call_command("collectstatic", interactive=False, verbosity=0)


def serve_pages(*, host: str, port: int, workers: int, threads: int) -> None:
    """Serve until told to stop.

    Workers begin as processes of their own and not as forks: SQLite keeps in memory which locks it holds, and a fork of
    a process that has had the database open would take them for its own, and lose what it writes.
    """
    connections.close_all()
    multiprocessing.set_start_method("spawn", force=True)
    server = Server(
        "hieuhoc.project.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        workers_kill_timeout=STOP_SECONDS,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
        log_dictconfig=_server_logs(),
    )
    with _beside():
        server.serve()


def _server_logs() -> dict[str, Any]:
    """The server's own lines, in the form of all other logs."""
    logging: dict[str, Any] = settings.LOGGING
    quiet = {"handlers": ["console"], "level": "WARNING", "propagate": False}
    return {**logging, "loggers": {**logging["loggers"], "_granian": quiet, "granian.access": quiet}}


@contextmanager
def _beside() -> Iterator[None]:
    """Keep the processes beside the pages alive for as long as pages are served."""
    stopping = threading.Event()
    keepers = [threading.Thread(target=_keep, args=(name, words, stopping)) for name, words in BESIDE.items()]
    for keeper in keepers:
        keeper.start()
    try:
        yield
    finally:
        stopping.set()
        for keeper in keepers:
            keeper.join()


def _keep(name: str, words: list[str], stopping: threading.Event) -> None:
    command = [sys.executable, "-m", "django", *words]
    while not stopping.is_set():
        process = subprocess.Popen(command, env=os.environ.copy())  # noqa: S603  # our own words, no input
        while process.poll() is None and not stopping.wait(0.2):
            pass
        if not stopping.is_set():
            structlog.get_logger("hieuhoc.serving").warning(f"{name} stopped", code=process.returncode)
            stopping.wait(RESTART_SECONDS)
            continue
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
