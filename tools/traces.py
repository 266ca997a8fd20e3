"""Find what must never be committed: the host of a package registry, or a path of somebody's machine."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Written in pieces, so that this file does not find itself.
HOSTS = ("pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "registry" + ".yarnpkg")
PLACES = ("/ro" + "ot/", "/wo" + "rk/", "/ho" + "me/", "/tm" + "p/", "/Us" + "ers/")


def traces() -> list[str]:
    """Each trace as "file:line: what was found"."""
    words = [*HOSTS, *PLACES]
    words += [f"{folder}/" for folder in (ROOT.parent, Path.home()) if len(folder.parts) > 1]
    pattern = re.compile("|".join(f"(?<![\\w.-]){re.escape(word)}" for word in words))
    found = []
    for path in committed():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (UnicodeDecodeError, OSError):
            continue
        found += [
            f"{path.relative_to(ROOT)}:{number}: {match.group()}"
            for number, line in enumerate(lines, 1)
            if (match := pattern.search(line))
        ]
    return found


def committed() -> list[Path]:
    """The files that git keeps, and those that it would keep."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [ROOT / name for name in listing.split("\0") if name and (ROOT / name).is_file()]


if __name__ == "__main__":
    for trace in traces():
        print(trace)
    sys.exit(bool(traces()))
