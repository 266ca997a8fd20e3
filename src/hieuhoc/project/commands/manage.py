"""`hieuhoc manage …`: Django's own commands, and those of our apps."""

import click
from django.core.management import execute_from_command_line

from hieuhoc.project.starting import start_django


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False, "help_option_names": []},
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def manage(words: tuple[str, ...]) -> None:
    """Django's own commands, such as migrate, createsuperuser, verify_trail."""
    start_django()
    execute_from_command_line(["hieuhoc manage", *words])
