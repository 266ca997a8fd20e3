"""The console command `hieuhoc`. A command's module is loaded when it is asked for: reading a file needs no Django."""

import importlib
from collections.abc import Sequence

import click

# The commands with what the help says of them; each is a function of its own name in a module of its own name.
COMMANDS = {
    "read": "Read an official document and print what stands in it.",
    "rollup": "Add up facts over a tree that changes, from file to file.",
    "paper": "Make an official paper, as Word or as PDF, from a tree in JSON.",
    "demo": "Serve the demonstration province.",
    "serve": "Serve the house: the production server.",
    "manage": "Django's own commands, and those of the house.",
}


class CommandList(click.Group):
    """Finds a command by its name in `hieuhoc.project.commands`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"hieuhoc.project.commands.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=CommandList, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option("0.1.0", prog_name="hieuhoc")
def house() -> None:
    """Hiếu Học: software with which a Vietnamese province runs its learning society."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; it ends the process: 0 done, 1 failed, 2 wrong use."""
    house.main(args=arguments, prog_name="hieuhoc")
