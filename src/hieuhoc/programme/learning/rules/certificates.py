"""When somebody has completed an activity, and how a certificate is numbered. No Django."""

SHARE = 0.8
"""The share of the sessions held at which somebody is suggested to have completed an activity; staff decide."""


def is_suggested(*, came: int, held: int) -> bool:
    """Whether somebody was at enough of the sessions held to be suggested as having completed.

    Example:
        >>> is_suggested(came=4, held=5), is_suggested(came=3, held=5), is_suggested(came=0, held=0)
        (True, False, False)
    """
    return held > 0 and came >= SHARE * held


def number_of(*, turn: int, year: int, provider: int) -> str:
    """The number of a certificate: its turn in the year of a provider, the year, and the provider's own number.

    Example:
        >>> number_of(turn=7, year=2020, provider=12)
        '007/2020/GCN-12'
    """
    return f"{turn:03}/{year}/GCN-{provider}"


def shown_code(code: str) -> str:
    """A code as it is printed, in groups of four.

    Example:
        >>> shown_code("ABCD2345EFGH")
        'ABCD-2345-EFGH'
    """
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def code_of(text: str) -> str:
    """A code as it is kept, from however somebody writes it."""
    return "".join(letter for letter in text.upper() if letter.isalnum())[:16]
