"""The tables of learning, a module for each of its nouns."""

from hieuhoc.programme.learning.models.activities import (
    Activity,
    ActivityTask,
    HeadCount,
    Organiser,
    Photo,
    Session,
    Speaker,
    TopicWatch,
)
from hieuhoc.programme.learning.models.grading import Assessment, GradingSet
from hieuhoc.programme.learning.models.learners import Attendance, Certificate, Enrolment, SentMark
from hieuhoc.programme.learning.models.materials import Material, MaterialUse, Repository
from hieuhoc.programme.learning.models.money import Allocation, Area, Norm, Spending
from hieuhoc.programme.learning.models.planning import Need, PlannedClass, Topic, YearPlan
from hieuhoc.programme.learning.models.providers import Equipment, Post, Provider, Room, Succession

__all__ = [
    "Activity",
    "ActivityTask",
    "Allocation",
    "Area",
    "Assessment",
    "Attendance",
    "Certificate",
    "Enrolment",
    "Equipment",
    "GradingSet",
    "HeadCount",
    "Material",
    "MaterialUse",
    "Need",
    "Norm",
    "Organiser",
    "Photo",
    "PlannedClass",
    "Post",
    "Provider",
    "Repository",
    "Room",
    "SentMark",
    "Session",
    "Speaker",
    "Spending",
    "Succession",
    "Topic",
    "TopicWatch",
    "YearPlan",
]
