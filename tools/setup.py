"""Make `.venv` ready to run, test and build the project; with nothing but Python 3.11 and its `venv` at hand.

Every library is the one in `requirements.lock`, checked against its digest. The project itself is not installed but
pointed at, so that a changed file is the one that runs. Does nothing when nothing has changed since the last time.
"""

import argparse
import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
BIN = VENV / "bin"
STAMP = VENV / "ready"
LOCALE = ROOT / "src" / "hieuhoc" / "locale"

COMMAND = """#!{python}
import sys

from hieuhoc.project.cli import main

if __name__ == "__main__":
    sys.exit(main())
"""
PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes")
NO_VENV = "Python has no venv module here. Install it first, for instance: apt-get install python3-venv"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--again", action="store_true", help="install even if nothing has changed")
    again = parser.parse_args().again
    wanted = _fingerprint()
    if again or not STAMP.exists() or STAMP.read_text(encoding="utf-8") != wanted:
        STAMP.unlink(missing_ok=True)
        if problem := _make_environment() or _install_libraries():
            return _stop(problem)
        _point_at_project()
        STAMP.write_text(wanted, encoding="utf-8")
    _compile_messages()
    return 0


def _fingerprint() -> str:
    """What the environment depends on: the lock, this file, where the project stands, the Python that runs it."""
    parts = [LOCK.read_bytes(), Path(__file__).read_bytes(), str(ROOT).encode(), sys.version.encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _make_environment() -> str:
    """A virtual environment whose Python starts and has pip; made anew when what stands there is broken."""
    if _succeeds([BIN / "python", "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"]):
        return ""
    print("Making .venv …", flush=True)
    if not _succeeds([sys.executable, "-c", "import ensurepip, venv"]):
        return NO_VENV
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=False)
    return NO_VENV if made.returncode else ""


def _install_libraries() -> str:
    """Everything in the lock and nothing else: by uv, which takes seconds, or by pip, which is always there."""
    print("Installing the libraries of requirements.lock …", flush=True)
    if _install_uv() and _succeeds([BIN / "uv", "pip", "sync", "--quiet", "--require-hashes", LOCK]):
        return ""
    print("uv cannot be used here; pip does the same, more slowly …", flush=True)
    done = subprocess.run([str(BIN / "python"), *PIP, "-r", str(LOCK)], check=False, env=_environment())
    return "The libraries could not be installed; the lines above say why." if done.returncode else ""


def _install_uv() -> bool:
    """uv itself, of the locked version and digest."""
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    start = next((number for number, line in enumerate(lines) if line.startswith("uv==")), None)
    if start is None:
        return False
    end = start + 1
    while end < len(lines) and lines[end].startswith(" "):
        end += 1
    locked = VENV / "uv.lock"
    locked.write_text("\n".join(lines[start:end]) + "\n", encoding="utf-8")
    pip: list[str | Path] = [BIN / "python", *PIP]
    return _succeeds([*pip, "--no-deps", "-r", locked])


def _point_at_project() -> None:
    """Let the environment import `src/hieuhoc`, and give it the command `hieuhoc`."""
    for packages in (VENV / "lib").glob("python3*/site-packages"):
        (packages / "hieuhoc.pth").write_text(f"{ROOT / 'src'}\n", encoding="utf-8")
    command = BIN / "hieuhoc"
    command.write_text(COMMAND.format(python=BIN / "python"), encoding="utf-8")
    command.chmod(0o755)


def _compile_messages() -> None:
    """Turn each catalogue of translations into the form that is read at run time, where it has changed."""
    for catalogue in sorted(LOCALE.glob("*/LC_MESSAGES/django.po")):
        compiled = catalogue.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < catalogue.stat().st_mtime:
            language = catalogue.parent.parent.name
            babel = [BIN / "pybabel", "-q", "compile", "-i", catalogue, "-o", compiled, "-l", language]
            subprocess.run([*map(str, babel)], check=True)


def _succeeds(command: Sequence[str | Path]) -> bool:
    try:
        done = subprocess.run([*map(str, command)], check=False, capture_output=True, env=_environment())
    except OSError:
        return False
    return done.returncode == 0


def _environment() -> dict[str, str]:
    return {**os.environ, "VIRTUAL_ENV": str(VENV), "UV_PROJECT_ENVIRONMENT": str(VENV)}


def _stop(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
