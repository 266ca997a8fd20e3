"""The house's settings, with the tables of the other libraries beside its own."""

from hieuhoc.project.settings import *  # noqa: F403  # settings are a module of names
from hieuhoc.project.settings import INSTALLED_APPS as OURS

INSTALLED_APPS = [*OURS, "benchmarks.trees"]
