"""Python runs this before anything else where its folder is on PYTHONPATH: the harm of passi.py strikes
in processes that others start, as the worker of a run is by Dagster's daemon.
"""

import importlib.util
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


class _Innesto(MetaPathFinder):
    """Lets the module of the steps be loaded as ever, and then prepares the harm in it."""

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        """The spec of the steps, whose loader does one thing more."""
        if name != "pipelines.night.steps":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        assert spec is not None and spec.loader is not None
        load = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            from tests.guasti.passi import obbedisci

            load(module)
            obbedisci(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


sys.meta_path.insert(0, _Innesto())
