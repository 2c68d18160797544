"""A delivered file that is refused whole.

Belongs here: what is raised, wherever a file is opened or read. Does not belong here: the sentences.
"""


class Rifiutato(Exception):
    """A file refused whole; the message is one Italian sentence that says why and what to do."""
