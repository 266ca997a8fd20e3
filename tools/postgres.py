"""Run a command against a PostgreSQL of its own: `python tools/postgres.py -- pytest tests`.

Starts a private cluster in a temporary folder, reached through a Unix socket only, names it in
HIEUHOC_DATABASE_URL, runs the command, and stops and removes the cluster whatever happens. The answer is the
command's own exit code; 3 when PostgreSQL's programs are not on this machine.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

LACKING = 3
HOW_TO_GET_IT = "PostgreSQL's programs are not on this machine (Debian, Ubuntu: apt-get install postgresql)."
# The cluster lives for minutes: nothing in it has to outlast a power cut.
_SPEED = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"


def programs() -> Path | None:
    """The folder with `initdb` and `pg_ctl`: the newest of the system's, or the one on the path."""
    folders = sorted(
        (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")),
        key=lambda folder: int(folder.parent.name) if folder.parent.name.isdigit() else 0,
        reverse=True,
    )
    folders += [Path(found).parent for found in [shutil.which("pg_ctl")] if found]
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """A running private cluster; gives its address for HIEUHOC_DATABASE_URL.

    Raises: LookupError when PostgreSQL is not here; RuntimeError when it does not start.
    """
    folder = programs()
    if folder is None:
        raise LookupError(HOW_TO_GET_IT)
    home = Path(tempfile.mkdtemp(prefix="hh-pg-"))
    owner = "postgres" if os.geteuid() == 0 else ""
    if owner:
        # PostgreSQL refuses to run as root, and its own user must be able to reach the folder.
        shutil.chown(home, owner, owner)
    home.chmod(0o755)
    try:
        place = str(home / "cluster")
        make: list[str | Path] = [
            folder / "initdb",
            "-D",
            place,
            "-U",
            "hieuhoc",
            "--auth=trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-N",
        ]
        _call(owner, make)
        options = f"-k {home} -c listen_addresses='' {_SPEED}"
        _call(owner, [folder / "pg_ctl", "-D", place, "-l", home / "log", "-w", "-t", "60", "-o", options, "start"])
        try:
            yield f"postgresql://hieuhoc@/postgres?host={home}"
        finally:
            _call(owner, [folder / "pg_ctl", "-D", place, "-m", "immediate", "-w", "stop"])
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _call(owner: str, command: Sequence[str | Path]) -> None:
    prefix = ["runuser", "-u", owner, "--"] if owner else []
    # A session of its own: Ctrl-C at the keyboard reaches us and the command, not the server.
    done = subprocess.run(
        [*prefix, *map(str, command)],
        check=False,
        stdout=subprocess.PIPE if "initdb" in str(command[0]) else subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        cwd="/",
    )
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed:\n{done.stdout or ''}")


def run(command: list[str]) -> int:
    """Run a command with the address of a private cluster; its exit code, also after Ctrl-C or a kill."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with cluster() as address:
            child = subprocess.Popen(command, env={**os.environ, "HIEUHOC_DATABASE_URL": address})
            try:
                return child.wait()
            except KeyboardInterrupt:
                child.send_signal(signal.SIGINT)
                child.wait()
                return 130
    except LookupError as error:
        print(error, file=sys.stderr)
        return LACKING
    except KeyboardInterrupt:
        return 130


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    words = sys.argv[1:]
    command = words[1:] if words[:1] == ["--"] else words
    if not command:
        print("Say what to run: python tools/postgres.py -- COMMAND …", file=sys.stderr)
        return 2
    return run(command)


if __name__ == "__main__":
    sys.exit(main())
