"""Units through time: a tree of dated lives, and figures told on the map of any day. See README.md."""

from hieuhoc.engines.rollup.blocks import Block, restate_block
from hieuhoc.engines.rollup.facts import Fact
from hieuhoc.engines.rollup.lives import Life, Span, Succession
from hieuhoc.engines.rollup.restating import Ratio, Restated, restate
from hieuhoc.engines.rollup.tree import Tree

__all__ = ["Block", "Fact", "Life", "Ratio", "Restated", "Span", "Succession", "Tree", "restate", "restate_block"]
