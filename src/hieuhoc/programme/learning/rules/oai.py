"""What the protocol for harvesting, OAI-PMH 2.0, allows to be asked. No Django.

Source: www.openarchives.org/OAI/openarchivesprotocol.html.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

FORMAT = "oai_dc"
PAGE = 100
"""How many records an answer holds."""

# Each verb's arguments that it needs and that it may have; the token stands alone.
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "Identify": (),
    "ListMetadataFormats": (),
    "ListSets": (),
    "ListIdentifiers": ("metadataPrefix",),
    "ListRecords": ("metadataPrefix",),
    "GetRecord": ("identifier", "metadataPrefix"),
}
_ALLOWED: Mapping[str, tuple[str, ...]] = {
    "Identify": (),
    "ListMetadataFormats": ("identifier",),
    "ListSets": (),
    "ListIdentifiers": ("from", "until", "set"),
    "ListRecords": ("from", "until", "set"),
    "GetRecord": (),
}
_WITH_TOKENS = ("ListSets", "ListIdentifiers", "ListRecords")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SECOND = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)
_SET = re.compile(r"[A-Za-z0-9\-_.!~*'()]+(:[A-Za-z0-9\-_.!~*'()]+)*", re.ASCII)


class Wrong(Exception):
    """A request that the protocol answers with an error; `code` is one of its own."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True)
class Asked:
    """A request that may be answered. `since` and `until` are instants, both included; `token` as it was sent."""

    verb: str
    identifier: str = ""
    part: str = ""
    since: datetime | None = None
    until: datetime | None = None
    token: str = ""


def read(sent: Iterable[tuple[str, Sequence[str]]]) -> Asked:
    """What a request asks: its arguments, each with its values. Raises: Wrong."""
    given = {name: list(values) for name, values in sent}
    verbs = given.pop("verb", [])
    if len(verbs) != 1 or verbs[0] not in _NEEDED:
        raise Wrong("badVerb", "The verb is missing, repeated or none of the protocol.")
    verb = verbs[0]
    if any(len(values) != 1 for values in given.values()):
        raise Wrong("badArgument", "An argument is repeated.")
    one = {name: values[0] for name, values in given.items()}
    if "resumptionToken" in one and verb in _WITH_TOKENS:
        if len(one) > 1:
            raise Wrong("badArgument", "resumptionToken stands alone.")
        return Asked(verb, token=_token(one["resumptionToken"]))
    if unknown := sorted(set(one) - {*_NEEDED[verb], *_ALLOWED[verb]}):
        raise Wrong("badArgument", f"{verb} has no argument {unknown[0]!a}.")
    if missing := [name for name in _NEEDED[verb] if not one.get(name)]:
        raise Wrong("badArgument", f"{verb} needs {missing[0]}.")
    if "metadataPrefix" in one and one["metadataPrefix"] != FORMAT:
        raise Wrong("cannotDisseminateFormat", f"Only {FORMAT} is given.")
    since, until = _span(one)
    if "set" in one and not _SET.fullmatch(one["set"]):
        raise Wrong("badArgument", "The set is not written as a set is.")
    return Asked(verb, one.get("identifier", ""), one.get("set", ""), since, until)


def _token(text: str) -> str:
    if not text:
        raise Wrong("badResumptionToken", "The token is empty.")
    return text


def _span(one: Mapping[str, str]) -> tuple[datetime | None, datetime | None]:
    first, last = one.get("from"), one.get("until")
    if first is not None and last is not None and len(first) != len(last):
        raise Wrong("badArgument", "from and until differ in granularity.")
    since = instant(first) if first is not None else None
    until = instant(last) if last is not None else None
    if until is not None and last is not None and _DAY.fullmatch(last):
        until += timedelta(days=1) - timedelta(seconds=1)
    if since and until and since > until:
        raise Wrong("badArgument", "from is later than until.")
    return since, until


def instant(text: str) -> datetime:
    """An instant as the protocol writes it: a day, or a second, in UTC. Raises: Wrong."""
    for shape, form in ((_DAY, "%Y-%m-%d"), (_SECOND, "%Y-%m-%dT%H:%M:%SZ")):
        if shape.fullmatch(text):
            try:
                found = datetime.strptime(text, form).replace(tzinfo=UTC)
                found + timedelta(days=1)  # the last day of the calendar has no end that could be asked for
            except (ValueError, OverflowError):
                break
            return found
    raise Wrong("badArgument", "A date is not written as YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ.")


def stamp(at: datetime) -> str:
    """An instant as the protocol writes it, to the second.

    Example:
        >>> stamp(datetime(2020, 11, 16, 2, 3, 4, 999, tzinfo=UTC))
        '2020-11-16T02:03:04Z'
    """
    # Not strftime("%Y"), which leaves out the noughts of early years on some systems.
    return f"{at.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()}Z"
