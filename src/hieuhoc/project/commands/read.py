"""`hieuhoc read FILE`: what the reader finds in an official document, as an outline or as JSON."""

import json
from pathlib import Path

import click
from rich.console import Console

from hieuhoc.engines.reader.bounded import read_bounded
from hieuhoc.kernel.errors import HouseError
from hieuhoc.project.outline import outline


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a program instead of an outline.")
def read(file: Path, as_json: bool) -> None:
    """Read an official document (.docx, .pdf, .html, .txt, .md) and print what stands in it."""
    try:
        with Console(stderr=True).status(f"{file.name} …"):
            source, reading = read_bounded(file.read_bytes(), file.name)
    except HouseError as error:
        raise click.ClickException(error.sentence) from error
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error
    if as_json:
        click.echo(json.dumps(reading.as_json(), ensure_ascii=False, indent=2))
    else:
        click.echo(outline(reading, notes=source.notes))
