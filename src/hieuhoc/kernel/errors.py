"""The four ways in which the house says no. Each carries a sentence for the reader, in Vietnamese."""


class HouseError(Exception):
    """Something a user asked for that cannot be done, with a sentence that says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Refused(HouseError):
    """The user may see the thing, but may not do this to it (403)."""


class Missing(HouseError):
    """The thing does not exist, or not for this user (404)."""


class Conflict(HouseError):
    """Somebody else was quicker, or the thing has moved on since it was read (409)."""


class Invalid(HouseError):
    """What was given cannot be accepted (422).

    `field` names the form field at fault, or is empty when the whole is at fault.
    """

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field
