"""`hieuhoc demo`: the demonstration province, in a folder of its own that touches no other data."""

import os
import shutil
from datetime import datetime
from pathlib import Path

import click
from django.core.management import call_command

from hieuhoc.project import serving
from hieuhoc.project.starting import start_django

FOLDER = Path("var/demo")
DAY = "2020-11-16"  # two months after plan 144/KH-UBND was signed
HOST = "127.0.0.1"


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--prepare", "only_prepare", is_flag=True, help="Make the data without serving it.")
@click.option("--reset", is_flag=True, help="Start afresh: what was done in the demonstration is lost.")
@click.option(
    "--to",
    "until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Carry it through the real reorganisations of units up to a day.",
)
def demo(port: int, only_prepare: bool, reset: bool, until: datetime | None) -> None:
    """Serve the demonstration province of Kiên Giang, with accounts for every role."""
    folder = Path(os.environ.get("HIEUHOC_DEMO_DIR", FOLDER)).resolve()
    if not only_prepare:
        serving.require_free(HOST, port)
    if reset:
        _remove(folder)
    _choose_settings(folder, port)
    start_django()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("demonstrate")
    if until:
        call_command("reorganise", to=until.date())
    if only_prepare:
        click.echo(f"The demonstration is ready in {folder}.")
        return
    call_command("demonstrate", accounts=True)
    address = f"http://{HOST}:{port}"
    click.echo(f"\n  Hiếu Học:        {address}\n  Choose a person: {address}/accounts/demonstration/")
    click.echo("\n  Ctrl-C stops it; the data stays. `make demo-reset` starts afresh.")
    serving.serve_pages(host=HOST, port=port, workers=1, threads=4)
    click.echo("Stopped.")


def _remove(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()) and not (folder / "secret-key").exists():
        raise click.ClickException(f"{folder} does not look like a demonstration; it is left alone.")
    shutil.rmtree(folder, ignore_errors=True)


def _choose_settings(folder: Path, port: int) -> None:
    """The demonstration's own settings; those of a house at work, its database above all, are not used."""
    for name in [name for name in os.environ if name.startswith("HIEUHOC_") and name != "HIEUHOC_DEMO_DIR"]:
        del os.environ[name]
    os.environ |= {
        "HIEUHOC_DATA_DIR": str(folder),
        "HIEUHOC_DEMONSTRATION": "1",
        "HIEUHOC_TODAY": DAY,
        "HIEUHOC_PUBLIC_ADDRESS": f"http://{HOST}:{port}",
        "HIEUHOC_LOG_LEVEL": "WARNING",
    }
