"""The demonstration province: real documents, invented people and figures, always the same."""

from hieuhoc.project.demonstration.cast import CAST, Person
from hieuhoc.project.demonstration.story import prepare

__all__ = ["CAST", "Person", "prepare"]
