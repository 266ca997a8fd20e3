"""What is remembered for a while, on disk, so that every worker knows it: codes, counts of what was tried.

Django's own keeps at most 300 entries, and makes room by throwing away any of them: codes that were just sent, counts
of who has tried too often. Its counting forgets how long it was to count, and two who count at once count once.
"""

import pickle
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.filebased import FileBasedCache
from django.core.files import locks

MOST_ENTRIES = 10_000
KEPT_SHARE = 2 / 3
"""So much of what may be kept is left when room is made."""


class HouseCache(FileBasedCache):
    """Makes room by what has expired, then by what expires first; counts each who counts, for as long as was said."""

    # Of Django's own class, whose types name only what is public.
    _dir: str
    _max_entries: int
    _createdir: Callable[[], None]
    _delete: Callable[[str], bool]
    _key_to_file: Callable[..., str]
    _list_cache_files: Callable[[], list[str]]

    def __init__(self, folder: str, params: dict[str, Any]) -> None:
        super().__init__(folder, {"max_entries": MOST_ENTRIES, **params})

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a value unless there is one; whether it was kept. One of those who ask at once is told so."""
        with self._alone():
            return super().add(key, value, timeout, version)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Count on; until when it counts stays as it was. Raises: ValueError when nothing is being counted."""
        with self._alone():
            found = self._found(self._key_to_file(key, version))
            if found is None:
                raise ValueError(f"Key {key!r} not found")
            expiry, value = found
            self.set(key, value + delta, None if expiry is None else expiry - time.time(), version)
            return int(value + delta)

    def _found(self, name: str) -> tuple[float | None, Any] | None:
        """Until when (seconds since 1970; None: for ever) something is kept, and what; None for what is not."""
        try:
            with open(name, "rb") as file:
                expiry = pickle.load(file)  # noqa: S301  # written by this class alone
                if expiry is not None and expiry < time.time():
                    return None
                return expiry, pickle.loads(zlib.decompress(file.read()))  # noqa: S301  # as above
        except (FileNotFoundError, EOFError):
            return None

    def _cull(self) -> None:
        names = self._list_cache_files()
        if len(names) < self._max_entries:
            return
        standing = []
        for name in names:
            expiry = self._expiry_of(name)
            if expiry < time.time():
                self._delete(name)
            else:
                standing.append((expiry, name))
        for _expiry, name in sorted(standing)[: max(len(standing) - int(self._max_entries * KEPT_SHARE), 0)]:
            self._delete(name)

    def _expiry_of(self, name: str) -> float:
        try:
            with open(name, "rb") as file:
                expiry: float | None = pickle.load(file)  # noqa: S301  # written by this class alone
        except (FileNotFoundError, EOFError):
            return 0.0
        return float("inf") if expiry is None else expiry

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One at a time, of all workers and their threads."""
        self._createdir()
        with (Path(self._dir) / "lock").open("wb") as file:
            locks.lock(file, locks.LOCK_EX)
            try:
                yield
            finally:
                locks.unlock(file)
