"""The files of units and events that ship, read without the code that loads them."""

import csv
from pathlib import Path

SHIPPED = Path(__file__).resolve().parents[2] / "src/hieuhoc/registers/places/data"
Row = dict[str, str]


def rows(name: str, *, folder: Path = SHIPPED) -> list[Row]:
    """The lines of a file, remarks left out."""
    with (folder / name).open(encoding="utf-8") as lines:
        found = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    assert all(None not in row and None not in row.values() for row in found), f"{name}: a line of another width"
    return found


def communes(units: list[Row]) -> dict[str, str]:
    """Code and name of the communes among units."""
    return {row["code"]: row["name"] for row in units if row["level"] == "commune"}


def after(units: list[Row], event: list[Row]) -> list[Row]:
    """What stands after an event, of units that stood before it: code, name, level, kind of each, by the rows alone."""
    ended = {row["source"] for row in event if row["act"] in ("merge", "divide", "abolish")}
    changed = {row["source"]: row for row in event if row["act"] in ("rename", "rekind", "recode", "move")}
    standing = [
        unit
        | {
            "code": changed.get(unit["code"], {}).get("target") or unit["code"],
            "name": changed.get(unit["code"], {}).get("target_name") or unit["name"],
            "kind": changed.get(unit["code"], {}).get("target_kind") or unit["kind"],
        }
        for unit in units
        if unit["code"] not in ended
    ]
    codes = {unit["code"] for unit in standing}
    formed: dict[str, Row] = {}
    for row in event:
        if row["target"] and row["act"] in ("merge", "divide", "abolish", "form") and row["target"] not in codes:
            told = formed.setdefault(row["target"], {"code": row["target"], "name": "", "level": "", "kind": ""})
            for column in ("name", "level", "kind"):
                told[column] = told[column] or row[f"target_{column}"]
            told["key"] = told.get("key") or row["target_key"]
    return standing + [unit for unit in formed.values() if "-" not in unit["code"]]
