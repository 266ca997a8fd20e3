"""PDF files with words and lines at given places, and PDF files that cannot be read.

Units: points from the lower left corner.
"""

import zlib
from dataclasses import dataclass, field
from itertools import pairwise


@dataclass
class Sheet:
    """A page: texts (x, y, size, bold, words) and ruled lines (x0, y0, x1, y1). Only letters of ASCII."""

    texts: list[tuple[float, float, float, bool, str]] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)
    bars: list[tuple[float, float, float, float]] = field(default_factory=list)  # filled: x, y, width, height
    rotate: int = 0
    turned: bool = False  # drawn turned by a quarter, as in a landscape page

    def write(self, x: float, y: float, text: str, size: float = 12, *, bold: bool = False) -> "Sheet":
        """Adds a line of text."""
        self.texts.append((x, y, size, bold, text))
        return self

    def grid(self, xs: list[float], ys: list[float]) -> "Sheet":
        """Adds a ruled grid."""
        self.rules += [(xs[0], y, xs[-1], y) for y in ys] + [(x, ys[0], x, ys[-1]) for x in xs]
        return self

    def barred_grid(self, xs: list[float], ys: list[float]) -> "Sheet":
        """Adds a grid as Word prints it: each side of each cell a thin filled bar, and the head shaded."""
        self.bars.append((xs[0], ys[-2], xs[-1] - xs[0], ys[-1] - ys[-2]))
        for low, high in pairwise(ys):
            for left, right in pairwise(xs):
                self.bars += [(left, y, right - left, 0.5) for y in (low, high)]
                self.bars += [(x, low, 0.5, high - low) for x in (left, right)]
        return self

    def stream(self) -> bytes:
        """What the page draws."""
        out = ["0 1 -1 0 842 0 cm"] if self.turned else []
        out += [f"0.9 g {x} {y} {wide} {high} re f 0 g" for x, y, wide, high in self.bars]
        out += [f"{x0} {y0} m {x1} {y1} l S" for x0, y0, x1, y1 in self.rules]
        for x, y, size, bold, text in self.texts:
            escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
            out.append(f"BT /F{2 if bold else 1} {size} Tf {x} {y} Td ({escaped}) Tj ET")
        return "\n".join(out).encode("ascii")


def pdf_file(*sheets: Sheet, encrypt: bool = False) -> bytes:
    """A PDF of these pages, A4 and a strip beside it."""
    count = len(sheets)
    kids = " ".join(f"{5 + 2 * place} 0 R" for place in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    ]
    for place, sheet in enumerate(sheets):
        packed = zlib.compress(sheet.stream())
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 842] /Rotate {sheet.rotate} "
            f"/Contents {6 + 2 * place} 0 R "
            "/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed))
    return _assembled(objects, encrypt=encrypt)


def _assembled(objects: list[bytes], *, encrypt: bool) -> bytes:
    more = b""
    if encrypt:
        objects = [*objects, b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (b"ab" * 32, b"cd" * 32)]
        more = b" /Encrypt %d 0 R /ID [<00> <00>]" % len(objects)
    out, places = b"%PDF-1.4\n", []
    for number, inside in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, inside)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, more, start)
    return out
