"""Which words the templates of a letter only write out: they leave holes, and all the others decide the letter's form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jinja2 import nodes

from mailflows.markdown import even

FIRST_HOLE = 0x100000
"""Holes are signs of the second private-use plane, one for each: no letter has them, no reader of Markdown or HTML minds them."""
MOST_HOLES = 0xE000

_OF_DICTIONARIES = frozenset(dir(dict))


@dataclass(frozen=True, slots=True)
class Uses:
    """What templates do with words: read them, write them out as texts, go through them as lists, ask if they are empty."""

    read: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    lists: set[str] = field(default_factory=set)
    tested: set[str] = field(default_factory=set)

    def fitting(self) -> dict[str, tuple[type, ...]]:
        """Of which types the value of each word must be to leave holes; a word that is read leaves none."""
        found: dict[str, tuple[type, ...]] = {}
        for name in sorted(self.read | self.texts | self.lists | self.tested):
            if name in self.read or (name in self.texts and name in self.lists):
                found[name] = ()
            else:
                found[name] = (str,) if name in self.texts else (list,) if name in self.lists else (str, list, dict)
        return found

    def follow(self, node: nodes.Node, items: Mapping[str, str]) -> None:
        """Add the uses in a statement. `items` says of which list a loop's name is an item.

        Only what is known to be harmless is; whatever else is done with a word reads it.
        """
        match node:
            case nodes.Template():
                self._each(node.body, items)
            case nodes.Output():
                for expression in node.nodes:
                    self._written(expression, items)
            case nodes.If():
                self._tested(node.test, items)
                self._each([*node.body, *node.elif_, *node.else_], items)
            case nodes.For(target=nodes.Name(name=item), iter=nodes.Name(name=many), test=None, recursive=False):
                (self.read if many in items else self.lists).add(items.get(many, many))
                self._each(node.body, {**items, item: items.get(many, many)})
                self._each(node.else_, items)
            case _:
                self._read(node, items)

    def _each(self, statements: list[nodes.Node], items: Mapping[str, str]) -> None:
        for statement in statements:
            self.follow(statement, items)

    def _written(self, node: nodes.Node, items: Mapping[str, str]) -> None:
        match node:
            case nodes.Const() | nodes.TemplateData():
                pass
            case nodes.Name(name=name):
                (self.read if name in items else self.texts).add(items.get(name, name))
            case nodes.Getattr() if self._of_item(node, items):
                pass
            case nodes.Concat():
                for part in node.nodes:
                    self._written(part, items)
            case nodes.Or() | nodes.And():
                self._written(node.left, items)
                self._written(node.right, items)
            case nodes.CondExpr(expr2=nodes.Expr() as otherwise):
                self._tested(node.test, items)
                self._written(node.expr1, items)
                self._written(otherwise, items)
            case nodes.Filter(name="wrapped", node=nodes.Expr() as whole):
                self._written(whole, items)
            case (
                nodes.Filter(name="join", node=nodes.Name(name=name), args=[nodes.Const()], kwargs=[])
                | nodes.Filter(name="length", node=nodes.Name(name=name))
            ) if name not in items:
                self.lists.add(name)
            case _:
                self._read(node, items)

    def _tested(self, node: nodes.Node, items: Mapping[str, str]) -> None:
        match node:
            case nodes.Name(name=name):
                self.tested.add(items.get(name, name))
            case nodes.Getattr() if self._of_item(node, items):
                pass
            case nodes.Not():
                self._tested(node.node, items)
            case nodes.Or() | nodes.And():
                self._tested(node.left, items)
                self._tested(node.right, items)
            case _:
                self._read(node, items)

    @staticmethod
    def _of_item(node: nodes.Getattr, items: Mapping[str, str]) -> bool:
        plain = node.attr not in _OF_DICTIONARIES
        return plain and isinstance(node.node, nodes.Name) and node.node.name in items

    def _read(self, node: nodes.Node, items: Mapping[str, str]) -> None:
        names = [node] if isinstance(node, nodes.Name) else node.find_all(nodes.Name)
        self.read.update(items.get(name.name, name.name) for name in names)


class Uneven(Exception):
    """A value with a line break, two spaces or a sign that cannot be seen: its letter is rendered for itself."""


def parted(words: Mapping[str, Any], fitting: Mapping[str, tuple[type, ...]]) -> tuple[dict[str, Any], list[str]]:
    """The words as they decide the form, a hole in the place of each that is only written out, and what fills the holes.

    Two letters with the same form differ in what fills their holes alone. `Uneven` where a value cannot fill one.
    """
    form: dict[str, Any] = {}
    values: list[str] = []
    for name, types in fitting.items():
        if name in words:
            value = words[name]
            form[name] = _parted(value, values) if isinstance(value, types) else value
    return form, values


def _parted(value: Any, values: list[str]) -> Any:
    if isinstance(value, str):
        if not value:  # what is empty may be left out, or stand for something else
            return value
        if not even(value) or len(values) == MOST_HOLES:
            raise Uneven
        values.append(value)
        return chr(FIRST_HOLE + len(values) - 1)
    if isinstance(value, list):
        return [_parted(item, values) for item in value]
    return {key: _parted(item, values) for key, item in value.items()} if isinstance(value, dict) else value
