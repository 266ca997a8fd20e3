"""Reading Vietnamese official documents: a `Source` in, a `Reading` out."""

from hieuhoc.engines.reader.document import read
from hieuhoc.engines.reader.reading import Basis, Reading, Reference, Section, Signer, Target, Task
from hieuhoc.engines.reader.source import Source
from hieuhoc.engines.reader.tasks import DOUBTS

__all__ = ["DOUBTS", "Basis", "Reading", "Reference", "Section", "Signer", "Source", "Target", "Task", "read"]
