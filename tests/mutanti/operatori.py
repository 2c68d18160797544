"""The mutants of a SQL file: one node of its syntax tree changed, and written back.

Belongs here: the changes, each by the kind of slip it stands for. Does not belong here: whether a
mutant is seen (operaio.py), Python (della_lingua.py).
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sqlglot
from sqlglot import exp

_HEADER = re.compile(r"\A/\*\n.*?\n\*/\n", re.DOTALL)


@dataclass(frozen=True)
class Mutante:
    """A file with one thing changed. `nome` tells which, and is its own among those of the file."""

    file: str
    operatore: str
    nome: str
    testo: str


Cambio = tuple[str, exp.Expr | None, str]
"""The kind of slip; what stands in the node's place, None where it goes away; in words, or empty."""

_BOUNDARY = {exp.GT: exp.GTE, exp.GTE: exp.GT, exp.LT: exp.LTE, exp.LTE: exp.LT}
_OPPOSITE = {
    exp.EQ: exp.NEQ,
    exp.NEQ: exp.EQ,
    exp.GT: exp.LTE,
    exp.GTE: exp.LT,
    exp.LT: exp.GTE,
    exp.LTE: exp.GT,
}
_NULL_SAFE = {exp.NullSafeEQ: exp.EQ, exp.NullSafeNEQ: exp.NEQ}
_AGGREGATES = {
    exp.Min: exp.Max,
    exp.Max: exp.Min,
    exp.ArgMin: exp.ArgMax,
    exp.ArgMax: exp.ArgMin,
    exp.LogicalOr: exp.LogicalAnd,
    exp.LogicalAnd: exp.LogicalOr,
    exp.Greatest: exp.Least,
    exp.Least: exp.Greatest,
    exp.Sum: exp.Max,
}
_ARITHMETIC = {exp.Add: exp.Sub, exp.Sub: exp.Add}
_JOINS = {"": "LEFT", "INNER": "LEFT", "SEMI": "ANTI", "ANTI": "SEMI"}


def _without(node: exp.Expr, place: int) -> exp.Expr:
    """A chain of conditions without one of them: its absence is harder to see than its opposite."""
    rest = [c.copy() for i, c in enumerate(node.flatten(unnest=False)) if i != place]
    chain = rest[0]
    for condition in rest[1:]:
        chain = type(node)(this=chain, expression=condition)
    return chain


def _joined(join: exp.Join) -> str:
    return f"JOIN {' '.join(join.this.sql(dialect='duckdb').split())[:60]}"


def _like(node: exp.Expr, kind: type[exp.Expr]) -> exp.Expr:
    return kind(**{k: v.copy() if isinstance(v, exp.Expr) else v for k, v in node.args.items()})


def _changes(node: exp.Expr) -> Iterator[Cambio]:
    """Every change of a node, by itself."""
    other: exp.Expr
    kind = type(node)
    if kind in _BOUNDARY:
        yield "confine", _like(node, _BOUNDARY[kind]), ""
    if kind in _OPPOSITE and not isinstance(node.parent, exp.And):
        yield "confronto", _like(node, _OPPOSITE[kind]), ""
    if kind in _NULL_SAFE:
        yield "nullo", _like(node, _NULL_SAFE[kind]), ""
    if isinstance(node, exp.Between):
        low, high = node.args["low"], node.args["high"]
        yield "confine", exp.and_(node.this > low.copy(), node.this.copy() <= high.copy()), ""
        yield "confine", exp.and_(node.this >= low.copy(), node.this.copy() < high.copy()), ""
    if isinstance(node, exp.Is):
        yield "nullo", exp.Not(this=exp.Paren(this=node.copy())), ""
    if isinstance(node, exp.Coalesce):
        yield "nullo", node.this.copy(), ""
    if kind in _AGGREGATES:
        yield "aggregato", _like(node, _AGGREGATES[kind]), ""
    if isinstance(node, exp.Count) and isinstance(node.this, exp.Distinct):
        plain = node.this.expressions
        yield (
            "aggregato",
            exp.Count(this=(plain[0] if len(plain) == 1 else exp.Tuple(expressions=plain)).copy()),
            "",
        )
    elif isinstance(node, exp.Count) and not isinstance(node.this, exp.Star):
        yield "aggregato", exp.Count(this=exp.Star()), ""
    if isinstance(node, exp.Lag):
        yield "aggregato", _like(node, exp.Lead), ""
    if isinstance(node, exp.Filter):
        yield "filtro", node.this.copy(), ""
    if kind in _ARITHMETIC:
        yield "aritmetica", _like(node, _ARITHMETIC[kind]), ""
    if isinstance(node, exp.And | exp.Or) and not isinstance(node.parent, kind):
        for place, gone in enumerate(node.flatten(unnest=False)):
            yield "filtro", _without(node, place), f"senza {_short(gone)}"
    if isinstance(node, exp.Not) and not isinstance(node.this, exp.Is | exp.Null):
        yield "confronto", node.this.copy(), ""
    if isinstance(node, exp.Where | exp.Having | exp.Qualify) and not (
        isinstance(node.parent, exp.Filter) or isinstance(node.this, exp.And)
    ):
        yield "filtro", None, ""
    if isinstance(node, exp.Distinct) and isinstance(node.parent, exp.Select):
        yield "aggregato", None, ""
    if isinstance(node, exp.Union):
        other = node.copy()
        other.set("distinct", not node.args.get("distinct"))
        yield "aggregato", other, ""
    if (
        isinstance(node, exp.If)
        and isinstance(node.parent, exp.Case)
        and len(node.parent.args["ifs"]) > 1
    ):
        yield "filtro", None, ""
    if isinstance(node, exp.Case) and node.args.get("default") is not None:
        other = node.copy()
        other.set("default", None)
        yield "nullo", other, ""
    if isinstance(node, exp.Ordered):
        other = node.copy()
        other.set("desc", not node.args.get("desc"))
        yield "ordine", other, ""
    if isinstance(node, exp.Join):
        yield from _joins(node)
    if isinstance(node, exp.In) and len(node.expressions) > 1:
        for place in range(len(node.expressions)):
            other = node.copy()
            other.set("expressions", [e for i, e in enumerate(other.expressions) if i != place])
            yield "confronto", other, ""
    if isinstance(node, exp.Literal) and not node.is_string and _counts(node):
        yield "confine", exp.Literal.number(_more(node.this)), ""


def _counts(number: exp.Literal) -> bool:
    """Whether a number is compared, added or put in a missing one's place; not a type's size."""
    return number.find_ancestor(exp.DataType) is None and isinstance(
        number.parent,
        exp.Add
        | exp.Sub
        | exp.Mul
        | exp.Div
        | exp.Coalesce
        | exp.If
        | exp.Case
        | exp.Predicate
        | exp.Alias,
    )


def _more(number: str) -> str:
    return str(int(number) + 1) if number.isdigit() else number + "1"


def _joins(join: exp.Join) -> Iterator[Cambio]:
    kind, side = join.args.get("kind") or "", join.args.get("side") or ""
    if kind.upper() == "CROSS":
        return
    other = join.copy()
    if side.upper() == "LEFT":
        other.set("side", None)
        other.set("kind", "INNER")
    elif side.upper() == "FULL":
        other.set("side", "LEFT")
    elif kind.upper() in ("SEMI", "ANTI"):
        other.set("kind", _JOINS[kind.upper()])
    else:
        other.set("kind", None)
        other.set("side", "LEFT")
    yield "legame", other, f"{side or kind} {_joined(join)} => {other.side or other.kind}"
    if side.upper() == "FULL":
        right = join.copy()
        right.set("side", "RIGHT")
        yield "legame", right, f"{side or kind} {_joined(join)} => RIGHT"
    columns = join.args.get("using") or ()
    for place in range(len(columns) if len(columns) > 1 else 0):
        fewer = join.copy()
        fewer.set("using", [c for i, c in enumerate(fewer.args["using"]) if i != place])
        yield "legame", fewer, f"{_joined(join)} senza {columns[place].name}"
    if kind.upper() in ("SEMI", "ANTI"):
        yield "filtro", None, f"senza {kind} {_joined(join)}"


def _mutated(tree: exp.Expr, node: exp.Expr, new: exp.Expr | None) -> str:
    """The tree with a node changed, written; the tree stays as it was."""
    if new is None:
        marked = next(i for i, n in enumerate(tree.walk()) if n is node)
        copy = tree.copy()
        list(copy.walk())[marked].pop()
        return copy.sql(dialect="duckdb", comments=False)
    if node is tree:
        return new.sql(dialect="duckdb", comments=False)
    node.replace(new)
    text = tree.sql(dialect="duckdb", comments=False)
    new.replace(node)
    return text


def _statements(text: str) -> tuple[str, list[exp.Expr]]:
    header = _HEADER.match(text)
    body = text[header.end() :] if header else text
    trees = sqlglot.parse(body, dialect="duckdb")
    return header[0] if header else "", [t for t in trees if t is not None]


def riscritto(path: Path) -> str:
    """The file as sqlglot writes it, unchanged: what every mutant differs from in one thing."""
    header, trees = _statements(path.read_text("utf-8"))
    return header + ";\n\n".join(t.sql(dialect="duckdb", comments=False) for t in trees) + "\n"


@cache
def mutanti(path: Path, radice: Path) -> tuple[Mutante, ...]:
    """Every mutant of a SQL file; two that read the same are one."""
    header, trees = _statements(path.read_text("utf-8"))
    same = [t.sql(dialect="duckdb", comments=False) for t in trees]
    found: dict[tuple[int, str], tuple[str, str]] = {}
    for number, tree in enumerate(trees):
        for node in list(tree.walk()):
            for operator, new, told in list(_changes(node)):
                name = told or f"{_short(node)} => {_short(new) if new is not None else ''}"
                text = _mutated(tree, node, new)
                if text != same[number]:
                    found.setdefault((number, text), (operator, name.strip()))
    file = path.relative_to(radice).as_posix()
    seen: Counter[str] = Counter()
    result = []
    for (number, text), (operator, told) in found.items():
        seen[told] += 1
        name = told if seen[told] == 1 else f"{told} ({seen[told]})"
        body = ";\n\n".join([*same[:number], text, *same[number + 1 :]])
        result.append(Mutante(file, operator, name, f"{header}{body}\n"))
    return tuple(result)


def _short(node: exp.Expr) -> str:
    if isinstance(node, exp.Union):
        return "union" if node.args.get("distinct") else "union all"
    if isinstance(node, exp.Literal):
        parent = node.parent
        return f"{node.sql()}" + (
            f" in {parent.sql(dialect='duckdb')}" if parent is not None else ""
        )
    text = " ".join(node.sql(dialect="duckdb", comments=False).split())
    return text if len(text) <= 160 else f"{text[:100]} ... {text[-55:]}"
