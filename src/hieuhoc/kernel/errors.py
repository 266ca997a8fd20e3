"""The four ways in which the house says no. Each carries a sentence for the reader, in Vietnamese."""


class HouseError(Exception):
    """Something a user asked for that cannot be done, with a sentence that says why.

    The sentence is a template, written as a literal so that it comes into the catalogue, and the values that fill its
    places. Pages show it in the reader's language through `hieuhoc.foundation.ui.wording.say`. A value is never read
    as a template; one that is itself a word of the house is given as a `Term`, to be translated with the sentence.

    Example:
        >>> Missing("Không còn tệp “{name}”.", name="{a}.pdf").sentence
        'Không còn tệp “{a}.pdf”.'
    """

    def __init__(self, template: str, **values: object) -> None:
        self.template = template
        self.values = values
        # A sentence without values is taken as it stands: it may carry braces that somebody typed.
        self.sentence = template.format(**values) if values else template
        super().__init__(self.sentence)


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

    def __init__(self, template: str, *, field: str = "", **values: object) -> None:
        super().__init__(template, **values)
        self.field = field
