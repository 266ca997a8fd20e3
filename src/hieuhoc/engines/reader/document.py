"""The whole reading: a document split into its head, bodies, closing and what it encloses."""

from hieuhoc.engines.reader.bases import bases
from hieuhoc.engines.reader.closing import closing, start_of_closing
from hieuhoc.engines.reader.header import body_starts, head
from hieuhoc.engines.reader.joining import Part, Passage, passages
from hieuhoc.engines.reader.reading import Reading, Signer
from hieuhoc.engines.reader.references import references
from hieuhoc.engines.reader.sections import Item, outline, sections
from hieuhoc.engines.reader.source import Source
from hieuhoc.engines.reader.targets import targets
from hieuhoc.engines.reader.tasks import tasks


def read(source: Source) -> Reading:
    """What a document says: its head, bases, sections, tasks, targets, recipients and signer.

    Source: rules of annotation in docs/developing/reader.md.
    """
    parts = passages(source)
    start = body_starts(parts)
    preamble, rest = parts[:start], parts[start:]
    found = head(preamble, parts, source)
    items: list[Item] = []
    recipients: tuple[str, ...] = ()
    signer = Signer(None, None)
    own = [part for part in preamble if isinstance(part, Passage) and part.lines()[0] > found.title_ends]
    based = bases(own)
    while rest:
        end = start_of_closing(rest)
        items.extend(outline(rest[:end]))
        if end == len(rest):
            break
        named, signed, taken = closing(rest[end:])
        recipients = recipients or named
        if signer.name is None and signer.position is None:
            signer = signed
        rest = rest[end + max(taken, 1) :]
        enclosed = body_starts(rest)
        if enclosed < len(rest):
            based = based or bases([part for part in rest[:enclosed] if isinstance(part, Passage)])
        rest = rest[enclosed:]
    top = next((item.path for item in reversed(items) if item.kind == "heading" and item.level == 1), "")
    last = max((part.lines()[1] for part in parts if isinstance(part, Passage)), default=1)
    return Reading(
        kind=found.kind,
        number=found.number,
        date=found.date,
        place=found.place,
        issuer=found.issuer,
        issuer_inferred=found.inferred,
        title=found.title,
        level=found.level,
        bases=based,
        references=references([part for part in parts if isinstance(part, Passage)]),
        sections=sections(items, end=last),
        tasks=tasks(items, closing=f"{top}.closing" if top else "closing"),
        targets=targets(items),
        recipients=recipients,
        signer=signer,
        confidence=found.confidence,
        notes=source.notes + found.notes,
    )


__all__ = ["Part", "read"]
