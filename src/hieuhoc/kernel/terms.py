"""Words of the screen that pure code names and the edge translates.

The kernel, the engines, rules and states know no language but Vietnamese: they cannot ask Django for another. They say
`Term("Hằng năm")`; `tools/messages.py` takes such words into the catalogue, and pages show them through
`hieuhoc.foundation.ui.wording`.
"""


class Term(str):
    """A Vietnamese word or sentence of the house, not of a user; it may stand wherever a string may."""

    __slots__ = ()
