"""That a telephone is somebody's own: a code goes to it, and comes back through the page.

Codes and counts are kept in the cache and nowhere else, under a digest of the number, and forget themselves.
"""

import secrets

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import constant_time_compare, salted_hmac

from hieuhoc.kernel.errors import Invalid
from hieuhoc.registers.people.services.telling import has_gateway, tell

DIGITS = 6
CODE_SECONDS = 10 * 60
COUNTED_SECONDS = 3600
MOST_CODES = 5  # for one telephone in an hour
MOST_TRIES = 5  # of one code
MOST_FROM_ONE_ADDRESS = 200  # codes and enrolments from one network address in an hour: a centre shares one


def confirms() -> bool:
    """Whether telephones are confirmed here: by messages, or in the demonstration by a code shown on the page."""
    return settings.DEMONSTRATION or has_gateway()


def count(what: str, whom: str, *, most: int) -> None:
    """Count one more of something that somebody does within the hour. Raises: Invalid when it is too many."""
    key = f"people:{what}:{_digest(whom)}"
    cache.add(key, 0, COUNTED_SECONDS)
    try:
        number = cache.incr(key)
    except ValueError:  # it has just expired
        number = 1
    if number > most:
        raise Invalid("Số điện thoại hoặc mạng này đã thử quá nhiều lần. Hãy chờ một giờ rồi làm lại.", field="phone")


def ask_code(*, phone: str, address: str) -> str:
    """Send a code to a telephone and say which, for the demonstration to show.

    `address` is the network address from which it is asked. Raises: Invalid (field `phone`) after too many.
    """
    count("codes", phone, most=MOST_CODES)
    count("address", address, most=MOST_FROM_ONE_ADDRESS)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    cache.set(_key(phone), code, CODE_SECONDS)
    cache.set(_key(phone, "tries"), 0, CODE_SECONDS)
    tell(phone=phone, text=f"Mã xác nhận của Hiếu Học: {code}. Mã có hiệu lực 10 phút. Không đưa mã cho người khác.")
    return code


def code_shown(phone: str) -> str:
    """The code that waits for a telephone, in the demonstration only, where nothing is sent; else nothing."""
    kept: str = cache.get(_key(phone), "") if settings.DEMONSTRATION else ""
    return kept


def check_code(*, phone: str, code: str) -> None:
    """Take a code that was sent, once. Raises: Invalid (field `code`) for another, one too old, or too many tries."""
    right = cache.get(_key(phone))
    left = MOST_TRIES - _tried(phone)  # counted before it is looked at: many at once are not one try
    if right is None:
        raise Invalid("Mã đã hết hiệu lực. Hãy quay lại để nhận mã mới.", field="code")
    if left >= 0 and constant_time_compare(right, "".join(code.split())):
        if not cache.delete(_key(phone)):
            raise Invalid("Mã này vừa được dùng.", field="code")
        return
    if left <= 0:
        cache.delete(_key(phone))
        raise Invalid("Mã không đúng quá nhiều lần. Hãy quay lại để nhận mã mới.", field="code")
    raise Invalid("Mã không đúng. Còn {tries} lần thử.", field="code", tries=left)


def _tried(phone: str) -> int:
    """How often the code of a telephone was tried, this time with it."""
    try:
        return int(cache.incr(_key(phone, "tries")))
    except ValueError:  # it has expired, and the code with it
        return MOST_TRIES + 1


def _key(phone: str, what: str = "code") -> str:
    return f"people:{what}:{_digest(phone)}"


def _digest(text: str) -> str:
    return salted_hmac("hieuhoc.people.confirming", text, algorithm="sha256").hexdigest()[:32]
