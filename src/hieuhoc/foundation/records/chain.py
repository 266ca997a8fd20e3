"""How one entry of the trail is tied to the one before: pure functions over plain values."""

import hashlib
import json
from collections.abc import Iterable
from typing import Protocol

FIRST = "0" * 64


class Link(Protocol):
    """What a link of the chain is made from."""

    @property
    def number(self) -> int: ...
    @property
    def actor(self) -> str: ...
    @property
    def actor_name(self) -> str: ...
    @property
    def deed(self) -> str: ...
    @property
    def subject_type(self) -> str: ...
    @property
    def subject_key(self) -> str: ...
    @property
    def subject_name(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def changes(self) -> object: ...
    @property
    def previous_digest(self) -> str: ...
    @property
    def digest(self) -> str: ...


def digest_of(link: Link, *, instant: str) -> str:
    """The digest of an entry: of its own words and of the digest before it.

    Units: `instant` is the entry's time in UTC, ISO form with microseconds, so that every database agrees.
    """
    words = [
        link.previous_digest,
        link.number,
        instant,
        link.actor,
        link.actor_name,
        link.deed,
        link.subject_type,
        link.subject_key,
        link.subject_name,
        link.why,
        link.changes,
    ]
    text = json.dumps(words, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def first_broken(links: Iterable[tuple[Link, str]]) -> tuple[int, str] | None:
    """The number of the first entry that does not follow from the one before, and why; None when all do.

    Each link comes with its instant as `digest_of` wants it, in the order of their numbers.
    """
    number, digest = 0, FIRST
    for link, instant in links:
        if link.number != number + 1:
            return number + 1, "thiếu dòng này (bị xóa hoặc đánh số lại)"
        if link.previous_digest != digest:
            return link.number, "không nối với dòng trước"
        if link.digest != digest_of(link, instant=instant):
            return link.number, "nội dung đã bị sửa"
        number, digest = link.number, link.digest
    return None
