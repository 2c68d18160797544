"""One thread for each process of the tests and for all that they start; less time lost to garbage.

The files of the tests are small and two processes share the machine, so threads only wait for each other:
a night takes half as long again with them. A test that is about threads says so itself
(night/test_repeatable.py). Loaded before anything else (`addopts` in pyproject.toml), since Polars counts
its threads when it is imported.
"""

import gc
import os

UN_SOLO_FILO = {
    "POLARS_MAX_THREADS": "1",
    "SLURM_CPUS_ON_NODE": "1",  # the only name by which DuckDB takes it from outside
}

os.environ.update(UN_SOLO_FILO | os.environ)

# A fifth of collecting nine thousand tests went into looking for cycles.
gc.set_threshold(50_000, 20, 50)


def pytest_collection_finish() -> None:
    """What was collected stays until the end: nobody need look through it again."""
    gc.freeze()
