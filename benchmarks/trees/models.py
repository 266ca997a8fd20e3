"""What a unit is without its dates, once for each library."""

from django.db import models
from tree_queries.models import TreeNode
from treebeard.mp_tree import MP_Node


class Plain(models.Model):
    """The columns of a unit that a list shows."""

    key = models.CharField(max_length=160, unique=True)
    name = models.CharField(max_length=255)
    short_name = models.CharField(max_length=255)
    folded = models.CharField(max_length=255)
    sort_key = models.CharField(max_length=1000)
    code = models.CharField(max_length=20, blank=True)
    level = models.CharField(max_length=10)
    kind = models.CharField(max_length=12)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class PathUnit(Plain, MP_Node):
    """A unit in django-treebeard, by materialised paths."""

    steplen = 5

    def __str__(self) -> str:
        return self.name


class QueryUnit(Plain, TreeNode):
    """A unit in django-tree-queries, by recursive queries."""

    def __str__(self) -> str:
        return self.name
