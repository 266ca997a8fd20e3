"""Reading from an address of the web that a person gave: bounded, and never from a machine of the house's own network.

A name is looked up once and the connection is made to the very address that was judged, so that a name cannot mean
something else a moment later. Each address to which an answer sends on is judged alike.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings

from hieuhoc.kernel.errors import Invalid

SECONDS = 20.0
MOST_SECONDS = 90.0
MOST_BYTES = 5 * 1024 * 1024
MOST_REDIRECTS = 3
_CHUNK = 64 * 1024
_HIDDEN = tuple(ipaddress.ip_network(net) for net in ("64:ff9b::/96", "2002::/16", "2001::/32"))
"""Networks of IPv6 behind which any address of IPv4 may stand."""


@dataclass(frozen=True)
class Answer:
    """What an address answered. `retry_after` is in seconds, where it asks to be left alone for a while."""

    status: int
    content: bytes
    retry_after: int | None = None


class _Plain(http.client.HTTPConnection):
    """A connection to an address that was judged, in the name of the host."""

    def __init__(self, parts: SplitResult, address: str) -> None:
        super().__init__(parts.hostname or "", parts.port or 80, timeout=SECONDS)
        self.judged = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self.judged, self.port), SECONDS)


class _Secure(http.client.HTTPSConnection):
    """The same, with the certificate of the host."""

    def __init__(self, parts: SplitResult, address: str) -> None:
        self.secured = ssl.create_default_context()
        super().__init__(parts.hostname or "", parts.port or 443, timeout=SECONDS, context=self.secured)
        self.judged = address

    def connect(self) -> None:
        plain = socket.create_connection((self.judged, self.port), SECONDS)
        self.sock = self.secured.wrap_socket(plain, server_hostname=self.host)


def fetch(url: str) -> Answer:
    """What an address answers. Raises: Invalid with a sentence when it cannot, must not or should not be read."""
    for _ in range(MOST_REDIRECTS + 1):
        answer, onward = _ask(url)
        if not onward:
            return answer
        if url.startswith("https:") and not onward.startswith("https:"):
            raise Invalid("Kho chuyển hướng sang địa chỉ không mã hóa nên không đọc tiếp.")
        url = onward
    raise Invalid("Kho chuyển hướng quá nhiều lần.")


def _ask(url: str) -> tuple[Answer, str]:
    parts = _parts(url)
    connection = (_Secure if parts.scheme == "https" else _Plain)(parts, _judged(parts))
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    try:
        connection.request("GET", path, headers={"Accept": "text/xml, application/xml", "User-Agent": "HieuHoc"})
        response = connection.getresponse()
        if response.status in (301, 302, 303, 307, 308):
            return Answer(response.status, b""), urljoin(url, response.getheader("Location") or "")
        waits = response.getheader("Retry-After") or ""
        retry_after = int(waits) if waits.isascii() and waits.isdecimal() and len(waits) < 9 else None
        return Answer(response.status, _content(response), retry_after), ""
    except TimeoutError as error:
        raise Invalid("Kho trả lời quá chậm.") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Invalid("Không kết nối được với kho ({error}).", error=parts.hostname) from error
    finally:
        connection.close()


def _content(response: http.client.HTTPResponse) -> bytes:
    until = time.monotonic() + MOST_SECONDS
    read = bytearray()
    # One piece at a time as it comes, so that an answer in drops is noticed as well.
    while piece := response.read1(_CHUNK):
        read += piece
        if len(read) > MOST_BYTES:
            raise Invalid("Kho trả lời quá dài ({limit} MB một lần là nhiều nhất).", limit=MOST_BYTES // 1024**2)
        if time.monotonic() > until:
            raise TimeoutError
    return bytes(read)


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        # Asking for the port judges it.
        is_usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_usable = False
    if not is_usable or parts.username is not None or not url.isascii() or any(ord(sign) <= 32 for sign in url):
        raise Invalid("Địa chỉ của kho không đúng dạng http:// hoặc https://.")
    return parts


def _judged(parts: SplitResult) -> str:
    """The address of a host to which may be connected. Raises: Invalid."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Invalid("Không tìm thấy máy chủ của kho.") from error
    addresses = [str(one[4][0]).partition("%")[0] for one in found]
    # One hidden address among them is enough to read none.
    if not addresses or (not settings.HARVEST_PRIVATE and not all(is_public(one) for one in addresses)):
        raise Invalid("Máy chủ của kho nằm trong mạng nội bộ nên không được đọc.")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an address belongs to the open internet, and to none behind which another one may hide.

    Example:
        >>> [is_public(one) for one in ("8.8.8.8", "10.0.0.1", "::1", "::ffff:127.0.0.1", "169.254.169.254")]
        [True, False, False, False, False]
    """
    one = ipaddress.ip_address(address)
    if isinstance(one, ipaddress.IPv6Address):
        if one.ipv4_mapped is not None:
            one = one.ipv4_mapped
        elif any(one in net for net in _HIDDEN):
            return False
    return one.is_global and not one.is_multicast and not one.is_reserved
