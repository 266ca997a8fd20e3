"""Starting Django from a command: the settings are read, and a wrong one becomes a sentence."""

import os

import click
import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class WrongSetting(click.ClickException):
    """A setting that cannot be right; ends the process as wrong use does."""

    exit_code = 2


def start_django() -> None:
    """Read the settings from the environment and load the apps. Raises: WrongSetting."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hieuhoc.project.settings")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise WrongSetting(str(error)) from error
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # and with it the data folder
