"""`hieuhoc rollup`: facts of the leaves of a tree added up to every level, from file to file."""

from pathlib import Path

import click
from rich.console import Console

from hieuhoc.kernel.errors import HouseError
from hieuhoc.kernel.periods import Rhythm
from hieuhoc.project.totals.running import run

_file = click.Path(path_type=Path)


class _Wrong(click.ClickException):
    """What was given cannot be added up: one line, and the code of wrong use."""

    exit_code = 2


def _rhythms(_context: click.Context, _parameter: click.Parameter, value: str) -> list[Rhythm]:
    known = {rhythm.value: rhythm for rhythm in Rhythm}
    words = [word.strip() for word in value.split(",")]
    if strange := [word for word in words if word not in known]:
        raise _Wrong(f"--periods: “{strange[0]}” không phải là một trong {', '.join(known)}.")
    return [known[word] for word in dict.fromkeys(words)]


@click.command()
@click.option("--tree", required=True, type=_file, help="unit,parent,valid_from,valid_to (half-open; empty = open).")
@click.option("--facts", required=True, type=_file, help="unit,indicator,month,value: whole numbers of the leaves.")
@click.option("--rules", required=True, type=_file, help="indicator,over_places (sum),over_time (sum, last, mean).")
@click.option("--periods", default="month", show_default=True, callback=_rhythms, help="month,quarter,half,year.")
@click.option("--out", required=True, type=_file, help="Where totals are written.")
@click.option("--distributed", default="", metavar="ADDRESS|local:N", help="A Dask scheduler, or N processes here.")
def rollup(tree: Path, facts: Path, rules: Path, periods: list[Rhythm], out: Path, distributed: str) -> None:
    """Add up facts over a tree that changes, and over time. Files are .csv or .parquet, by their ending.

    Writes unit,indicator,period,value,reported,expected for every unit of every level.
    """
    try:
        with Console(stderr=True).status(f"{out.name} …"):
            run(tree=tree, facts=facts, rules=rules, rhythms=periods, out=out, where=distributed)
    except HouseError as error:
        raise _Wrong(error.sentence) from error
    except OSError as error:
        raise _Wrong(f"{error.filename or out}: không đọc hay ghi được ({error.strerror or error}).") from error
