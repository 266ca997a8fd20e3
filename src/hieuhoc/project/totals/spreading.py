"""Parts added up by several processes or machines, on Dask's `distributed`, which comes with `hieuhoc[country]`."""

import logging
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack

import dask
from distributed import Client, Future, KilledWorker, LocalCluster

from hieuhoc.engines.rollup.parts import Part, PartTotals, Question, add_up
from hieuhoc.kernel.errors import Conflict, Invalid

_PATIENCE = "10s"
# A part travels with its task, so that it can be done again elsewhere when a worker dies; that is meant to be large.
_SETTINGS = {"distributed.admin.large-graph-warning-threshold": "1GB"}


def add_up_spread(parts: Iterable[Part], question: Question, where: str) -> Iterator[PartTotals]:
    """The totals of each part, in order. `where` is a scheduler's address, or local:N for N processes of this machine.

    No more parts are under way than keep all workers busy, so that memory does not grow with the country.
    """
    with dask.config.set(_SETTINGS), ExitStack() as stack:
        client = stack.enter_context(_connected(_scheduler(stack, where)))
        at_once = 2 * len(client.scheduler_info()["workers"])
        waiting: deque[Future[PartTotals]] = deque()
        try:
            for part in parts:
                waiting.append(client.submit(add_up, part, question, pure=False))
                if len(waiting) >= at_once:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except KilledWorker as error:
            raise Conflict("Các tiến trình cộng số liệu bị dừng nhiều lần, có thể vì thiếu bộ nhớ.") from error


def _connected(scheduler: LocalCluster | str) -> Client:
    try:
        client = Client(scheduler, timeout=_PATIENCE)
    except (ValueError, OSError) as error:
        raise Invalid(
            "Không nối được tới {address}; địa chỉ viết như tcp://may-chu:8786.", address=scheduler
        ) from error
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except TimeoutError as error:
        client.close()
        raise Conflict("Ở {address} không có tiến trình nào để cộng số liệu.", address=scheduler) from error
    return client


def _scheduler(stack: ExitStack, where: str) -> LocalCluster | str:
    kind, _, count = where.partition(":")
    if kind != "local":
        return where
    if not count.isdecimal() or not 1 <= int(count) <= 256:
        raise Invalid("Sau local: phải là số tiến trình, từ 1 đến 256, không phải {word}.", word=count)
    cluster = LocalCluster(
        n_workers=int(count),
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
        silence_logs=logging.CRITICAL,
    )
    return stack.enter_context(cluster)
