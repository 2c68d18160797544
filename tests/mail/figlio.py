"""A process of its own that uses the outbox, for tests of what happens to two, or to one that dies.

    python -m tests.mail.figlio <raw> <warehouse> deliver|publication|dies

`dies` delivers, and ends without a word once the server has the first message. Each waits for a line
on its standard input before it starts, and prints what it did.
"""

import os
import sys
from pathlib import Path
from unittest import mock

from pipelines.mail import outbox, store
from pipelines.settings import Luoghi
from tests.mail.pubblicazioni import ora


def main(raw: str, warehouse: str, what: str) -> int:
    """Does it, and returns the count that it prints."""
    luoghi = Luoghi(Path(raw), Path(warehouse))
    print("pronto", flush=True)
    sys.stdin.readline()
    if what == "publication":
        return outbox.tell_publication(luoghi, ora(2, 4, 2))
    if what == "dies":
        with mock.patch.object(store, "remove", lambda _: os._exit(9)):
            return outbox.deliver(luoghi)
    return outbox.deliver(luoghi)


if __name__ == "__main__":
    print(main(*sys.argv[1:]))
