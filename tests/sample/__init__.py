"""The sample: synthetic extracts of a chamber of commerce, the same at every run.

Belongs here: everything that makes up data. Does not belong here: anything that reads it; nothing
else in pira imports this package but the command that writes the sample.
"""

from tests.sample.genera import generate, prepare
from tests.sample.seconda import generate_second
from tests.sample.uffici.pratiche import generate_pratiche

__all__ = ["generate", "generate_pratiche", "generate_second", "prepare"]
