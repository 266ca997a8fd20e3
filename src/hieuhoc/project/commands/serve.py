"""`hieuhoc serve`: the production server."""

import os

import click
from django.conf import settings
from django.core.management import call_command

from hieuhoc.project import serving
from hieuhoc.project.starting import WrongSetting, start_django


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes for pages.")
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64), help="Threads in each process.")
@click.option("--migrate", "migrates", is_flag=True, help="Bring the database up to date first.")
def serve(host: str, port: int, workers: int, threads: int, migrates: bool) -> None:
    """Serve the house: hashed and compressed files, logs in JSON, health at /health/live and /health/ready."""
    os.environ["HIEUHOC_HASHED_STATIC"] = "1"
    os.environ.setdefault("HIEUHOC_LOGS", "json")
    start_django()
    if settings.DEBUG:
        raise WrongSetting("HIEUHOC_DEBUG is for developing; a server runs without it.")
    serving.require_free(host, port)
    if migrates:
        call_command("migrate", interactive=False, verbosity=0)
    serving.require_sound()
    serving.require_migrated()
    serving.collect_static()
    click.echo(f"Hiếu Học: http://{host}:{port}", err=True)
    serving.serve_pages(host=host, port=port, workers=workers, threads=threads)
