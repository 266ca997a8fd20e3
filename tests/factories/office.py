"""LibreOffice as the reader of our workbooks."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest

NO_OFFICE = "LibreOffice is not on this machine (Debian, Ubuntu: apt-get install libreoffice-calc)"
# It keeps what a file says that its formulas make, unless it is told never to believe it.
_ALWAYS_COMPUTE = (
    '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    '<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">'
    "<value>0</value></prop></item></oor:items>"
)


def recalculated(content: bytes, folder: Path) -> Any:
    """A workbook as LibreOffice computes every formula of it anew, its values opened with openpyxl."""
    office = shutil.which("soffice")
    if office is None:
        if os.environ.get("HIEUHOC_REQUIRE_ALL") == "1":
            pytest.fail(NO_OFFICE)
        pytest.skip(NO_OFFICE)
    profile, source, made = folder / "profile", folder / "tong-hop.xlsx", folder / "made"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS_COMPUTE, encoding="utf-8")
    source.write_bytes(content)
    command = [office, "--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", made, source], check=True, capture_output=True, timeout=180)
    return openpyxl.load_workbook(made / source.name, data_only=True)
