"""The mutants of a Python module: one node of its syntax tree changed, and put in the place of the module.

Belongs here: the same slips as in SQL (operatori.py), in the words of Polars too. Does not belong here:
which test sees them.
"""

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from tests.mutanti.operatori import Mutante

_COMPARISONS: dict[type[ast.cmpop], tuple[tuple[str, type[ast.cmpop]], ...]] = {
    ast.Eq: (("confronto", ast.NotEq),),
    ast.NotEq: (("confronto", ast.Eq),),
    ast.Gt: (("confine", ast.GtE), ("confronto", ast.LtE)),
    ast.GtE: (("confine", ast.Gt), ("confronto", ast.Lt)),
    ast.Lt: (("confine", ast.LtE), ("confronto", ast.GtE)),
    ast.LtE: (("confine", ast.Lt), ("confronto", ast.Gt)),
    ast.Is: (("nullo", ast.IsNot),),
    ast.IsNot: (("nullo", ast.Is),),
    ast.In: (("confronto", ast.NotIn),),
    ast.NotIn: (("confronto", ast.In),),
}
_METHODS = {
    "is_null": "is_not_null",
    "is_not_null": "is_null",
    "any": "all",
    "starts_with": "ends_with",
    "n_unique": "count",
    "fill_null": "",
    "unique": "",
    "over": "",
}
"""Methods of a column, and what a slip would leave there; empty for nothing."""


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Compare(left=left, ops=[op], comparators=others):
            for operator, kind in _COMPARISONS.get(type(op), ()):
                yield operator, ast.Compare(left, [kind()], others)
        case ast.BoolOp(op=op, values=values):
            for place in range(len(values)):
                rest = values[:place] + values[place + 1 :]
                yield "filtro", rest[0] if len(rest) == 1 else ast.BoolOp(op, rest)
        case ast.BinOp(left=left, op=ast.BitAnd() | ast.BitOr(), right=right):
            yield "filtro", left
            yield "filtro", right
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield "aritmetica", ast.BinOp(left, ast.Sub(), right)
        case ast.UnaryOp(op=ast.Not() | ast.Invert(), operand=operand):
            yield "confronto", operand
        case ast.If(test=test, body=body, orelse=orelse) if not isinstance(test, ast.Compare):
            yield "filtro", ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)
        case ast.IfExp(test=test, body=one, orelse=other) if not isinstance(test, ast.Compare):
            yield "filtro", ast.IfExp(ast.UnaryOp(ast.Not(), test), one, other)
        case ast.Call(func=ast.Attribute(value=value, attr=name), args=args) if name in _METHODS:
            left_there = _METHODS[name]
            called = ast.Call(ast.Attribute(value, left_there, ast.Load()), args, node.keywords)
            yield "nullo" if "null" in name else "aggregato", called if left_there else value
        case ast.Constant(value=bool(flag)):
            yield "confronto", ast.Constant(not flag)
        case ast.Constant(value=int(number)) if not isinstance(number, bool):
            yield "confine", ast.Constant(number + 1)


def mutanti(path: Path, radice: Path) -> tuple[Mutante, ...]:
    """Every mutant of a module; what is said in text, and what annotates, is left alone."""
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    same = ast.unparse(tree)
    seen: Counter[str] = Counter()
    found: dict[str, Mutante] = {}
    for parent in list(ast.walk(tree)):
        for name, value in ast.iter_fields(parent):
            for place, node in enumerate(value if isinstance(value, list) else [value]):
                if not isinstance(node, ast.AST) or name in ("annotation", "returns"):
                    continue
                for operator, new in _changes(node):
                    before = ast.unparse(node).split("\n")[0]
                    if isinstance(parent, ast.keyword):
                        before = f"{parent.arg}={before}"
                    _put(parent, name, place, ast.copy_location(new, node))
                    changed = ast.unparse(ast.fix_missing_locations(tree))
                    told = f"{before} => {ast.unparse(new).split(chr(10))[0]}"
                    _put(parent, name, place, node)
                    if changed != same and changed not in found:
                        seen[told] += 1
                        name_of = told if seen[told] == 1 else f"{told} ({seen[told]})"
                        file = path.relative_to(radice).as_posix()
                        found[changed] = Mutante(file, operator, name_of, changed)
    return tuple(found.values())


def _put(parent: ast.AST, name: str, place: int, node: ast.AST) -> None:
    value = getattr(parent, name)
    if isinstance(value, list):
        value[place] = node
    else:
        setattr(parent, name, node)


@contextmanager
def al_posto(modulo: ModuleType, testo: str) -> Iterator[None]:
    """Whoever has imported something of a module finds that of the changed one in its place."""
    other = ModuleType(modulo.__name__)
    other.__file__ = modulo.__file__
    exec(compile(testo, str(modulo.__file__), "exec"), other.__dict__)
    pairs = {
        id(old): (old, getattr(other, name))
        for name, old in vars(modulo).items()
        if not name.startswith("__")
        and name in vars(other)
        and getattr(old, "__module__", modulo.__name__) == modulo.__name__
        and not isinstance(old, str | int | bool | type(None) | ModuleType)
    }
    before = []
    for module in [m for n, m in sys.modules.items() if n.startswith(("pipelines", "tests"))]:
        for name, value in list(vars(module).items()):
            if id(value) in pairs and pairs[id(value)][0] is value:
                before.append((module, name, value))
                setattr(module, name, pairs[id(value)][1])
    _forget()
    try:
        yield
    finally:
        _forget()
        for module, name, value in before:
            setattr(module, name, value)


def _forget() -> None:
    """Empties the caches of the room: what a mutant left there would outlive it."""
    for name, module in list(sys.modules.items()):
        if name.startswith("pipelines.extracts"):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()
