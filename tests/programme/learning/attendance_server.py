"""A house of its own whose server can be killed at any statement; told line by line what to do.

    python -m tests.programme.learning.attendance_server CLASSES LEARNERS

Prints one line of JSON to each line that it is told: `serve PORT KILL` (KILL: the statement of a sending after which
the server kills itself; 0 never; -1 when all is written and nothing is answered), `wait`, `kill`, `count SESSION`.
"""

import json
import os
import signal
import socketserver
import sys
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any
from wsgiref import simple_server

import django
from django.core.management import call_command
from django.db import connection, transaction
from tests.programme.plans.dying_server import Killer

NEVER, UNANSWERED = 0, -1
Application = Callable[..., Iterable[bytes]]


class _Server(socketserver.ThreadingMixIn, simple_server.WSGIServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 50


class _Quiet(simple_server.WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: standard output is for answers."""


def prepare(classes: int, learners: int) -> dict[str, Any]:
    """The cast, and classes with a session today; the cookie with which Lan is signed in."""
    from django.conf import settings  # noqa: PLC0415  # after Django has started
    from django.test import Client  # noqa: PLC0415
    from tests.factories.cast import make_cast  # noqa: PLC0415
    from tests.programme.learning.test_attendance import make_class  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        cast = make_cast()
        sessions = [make_class(cast, learners=learners).today.pk for _ in range(classes)]
    client = Client()
    client.force_login(cast.lan, backend="django.contrib.auth.backends.ModelBackend")
    name = settings.SESSION_COOKIE_NAME
    return {"sessions": sessions, "cookie": [name, client.cookies[name].value]}


def count(session: int) -> dict[str, Any]:
    """What stands about a session, and whether the trail holds."""
    from hieuhoc.foundation.records import trail  # noqa: PLC0415  # after Django has started
    from hieuhoc.programme.learning.models import Attendance, Enrolment, HeadCount, SentMark, Session  # noqa: PLC0415

    marks = Attendance.objects.filter(session=session)
    activity = Session.objects.get(pk=session).activity_id
    walk_ins = Enrolment.objects.filter(activity=activity, source="session")
    return {
        "keys": [str(key) for key in SentMark.objects.filter(session=session).values_list("key", flat=True)],
        "marks": {str(pk): mark for pk, mark in marks.exclude(enrolment__in=walk_ins).values_list("enrolment", "mark")},
        "walk_ins": sorted(
            marks.filter(enrolment__in=walk_ins).values_list("enrolment__person__name", "mark"),
        ),
        "heads": sum(HeadCount.objects.filter(session=session).values_list("count", flat=True)),
        "open": SentMark.objects.filter(session=session).exclude(outcome="taken").count(),
        "turns": Enrolment.objects.filter(activity=activity, first_on__isnull=False).count(),
        "broken": trail.verify(),
    }


def serve(house: Application, port: int, kill: int) -> None:
    """Serve until killed."""

    def dying(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        is_sending = environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"] == "/learning/sync/"
        if kill == NEVER or not is_sending:
            return house(environ, start)
        with connection.execute_wrapper(Killer(kill if kill > 0 else 10**9)):
            house(environ, start)
        os.kill(os.getpid(), signal.SIGKILL)  # written or not: the phone never hears of it
        return []

    simple_server.make_server("127.0.0.1", port, dying, server_class=_Server, handler_class=_Quiet).serve_forever()


def main() -> None:
    """Do what each line says."""
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415  # after Django has started

    house = get_wsgi_application()
    _answer_apart(lambda: prepare(int(sys.argv[1]), int(sys.argv[2])))
    child = 0
    for line in sys.stdin:
        deed, *words = line.split()
        if deed == "serve":
            child = os.fork()
            if child == 0:
                serve(house, int(words[0]), int(words[1]))
            _say({"pid": child})
        elif deed == "count":
            _answer_apart(partial(count, int(words[0])))
        else:
            if deed == "kill":
                os.kill(child, signal.SIGKILL)
            _say({"status": os.waitpid(child, 0)[1]})


def _answer_apart(work: Callable[[], dict[str, Any]]) -> None:
    """Do something in a process of its own, which answers.

    Whoever forks the servers must never have opened the database: SQLite keeps in memory which locks it holds, a fork
    copies that and not the locks, and a server that takes them for held loses what it writes to whoever closes next.
    """
    child = os.fork()
    if child == 0:
        _say(work())
        os._exit(0)
    os.waitpid(child, 0)


def _say(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    django.setup()
    main()
