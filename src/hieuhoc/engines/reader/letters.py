"""Vietnamese letters in patterns: a range such as "À-Ỹ" would take in small letters as well."""

import re

_MARKED = "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
LOWER = "a-z" + _MARKED
UPPER = "A-Z" + _MARKED.upper()


def compiled(pattern: str, *, ignore_case: bool = False) -> re.Pattern[str]:
    """A pattern in which "[:upper:]" and "[:lower:]" stand for Vietnamese letters.

    Example:
        >>> bool(compiled("^[[:upper:]]+$").match("TỊCH")), bool(compiled("^[[:lower:]]+$").match("TỊCH"))
        (True, False)
    """
    filled = pattern.replace("[:upper:]", UPPER).replace("[:lower:]", LOWER)
    return re.compile(filled, re.IGNORECASE if ignore_case else 0)
