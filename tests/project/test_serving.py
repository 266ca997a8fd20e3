"""The production server as a process: it opens, answers, and ends cleanly with everything it started."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PATIENCE = 60.0


@dataclass
class Server:
    """A running `hieuhoc serve` and what it has said so far."""

    process: subprocess.Popen[str]
    port: int
    said: list[str]

    def get(self, path: str) -> tuple[int, dict[str, str], bytes]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers={"Accept-Encoding": "br, gzip"})
        try:
            with _opener().open(request, timeout=20) as answer:
                return answer.status, dict(answer.headers.items()), answer.read()
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers.items()), error.read()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object, **options: object) -> None:
        return None


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HIEUHOC_")}
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from hieuhoc.project.cli import main\nif __name__ == '__main__': main()",
            *("serve", "--port", str(port), "--workers", "2", "--migrate"),
        ],
        cwd=tmp_path_factory.mktemp("server"),
        env=clean | {"PYTHONPATH": str(repository / "src")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    running = Server(process, port, [])
    listener = threading.Thread(target=lambda: running.said.extend(process.stdout or ()), daemon=True)
    listener.start()
    _wait_until_ready(running)
    yield running
    if process.poll() is None:
        process.kill()
    process.wait()


def _wait_until_ready(server: Server) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.process.poll() is None:
        try:
            if server.get("/health/ready")[0] == 200:
                return
        except urllib.error.URLError:
            threading.Event().wait(0.1)
    pytest.fail("the server did not open:\n" + "".join(server.said))


def test_the_server_says_that_it_lives_and_is_ready(server: Server) -> None:
    assert json.loads(server.get("/health/live")[2]) == {"live": True}
    assert json.loads(server.get("/health/ready")[2])["ready"] is True


def test_a_page_is_closed_and_its_files_are_hashed_compressed_and_kept(server: Server) -> None:
    status, headers, _ = server.get("/")
    assert status == 302
    assert "login" in headers["location"]
    page = server.get(headers["location"])[2].decode()
    sheet = next(word for word in page.split('"') if word.startswith("/static/ui/ui.") and word.endswith(".css"))
    status, headers, _ = server.get(sheet)
    assert status == 200
    assert sheet != "/static/ui/ui.css"
    assert headers["content-encoding"] in {"br", "gzip"}
    assert "immutable" in headers["cache-control"]


def test_every_request_is_one_line_of_json(server: Server) -> None:
    server.get("/accounts/login/?seen=here")
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        lines = [json.loads(line) for line in server.said if line.startswith("{")]
        if any(line.get("path") == "/accounts/login/" and line.get("status") == 200 for line in lines):
            return
        threading.Event().wait(0.1)
    pytest.fail("no line about the request:\n" + "".join(server.said))


def test_a_second_server_at_the_same_address_is_told_so(server: Server, repository: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from hieuhoc.project.cli import main; main()", "serve", "--port", str(server.port)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(repository / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "another port" in done.stderr


def test_the_server_ends_cleanly_with_all_its_processes(server: Server) -> None:
    """The last test of this module: it stops the server that the others used."""
    family = _children(server.process.pid)
    assert family, "the server has workers and a process for what recurs"
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(timeout=30) == 0
    end = time.monotonic() + PATIENCE
    while left := [pid for pid in family if Path(f"/proc/{pid}").exists()]:
        assert time.monotonic() < end, f"still there: {left}"
        threading.Event().wait(0.05)
    assert not any("Traceback" in line for line in server.said)


def _children(pid: int) -> list[int]:
    listing = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(word) for word in listing.stdout.split()]
