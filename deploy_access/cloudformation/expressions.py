"""
CloudFormation's functions as expressions of Terraform.

What only a deploy knows, such as a parameter without a default or an import, becomes an expression
that nothing resolves, and so it stays unknown in whatever is read from it.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, cast

from deploy_access.cloudformation.expression_text import (
    NO_VALUE,
    Expression,
    escaped,
    literal,
    source_of,
    unknown,
)
from deploy_access.cloudformation.terraform_names import attribute_name, terraform_type
from deploy_access.json_shape import as_list, as_object, as_text, is_container

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_NAME = re.compile(r"[A-Za-z0-9]+")
_NO_NAME = re.compile(r"[^A-Za-z0-9]+")
_SUB = re.compile(r"\$\{([^{}]*)\}")
_LOGIC = {"Fn::And": " && ", "Fn::Not": "", "Fn::Or": " || "}
_TRANSFORM = "Fn::Transform"
_PAIR, _IF = 2, 3
"""How many arguments functions take."""
_LONGEST = 4
"""Digits of the place in a list."""


class Member(NamedTuple):
    """
    A member of a list.

    Attributes:
        value: The member as the template has it.
        only: The condition under which it is one; empty where it always is.
        is_whole: Whether it stands in place of the list, and so may be a list.
    """

    value: object
    only: str
    is_whole: bool


class Expressions:
    """
    The values of one template as Terraform writes them.

    Args:
        template: The template.
        known: The pseudo parameters that are known, by name: `AWS::AccountId`.
    """

    def __init__(self, template: Mapping[str, object], known: Mapping[str, str]) -> None:
        self._known = known
        self._parameters = as_object(template.get("Parameters"))
        self._resources = as_object(template.get("Resources"))
        self._mappings = as_object(template.get("Mappings"))
        self.conditions = as_object(template.get("Conditions"))
        self._functions: Mapping[str, Callable[[object], object]] = {
            "Fn::FindInMap": self._find_in_map,
            "Fn::GetAtt": self._get_att,
            "Fn::If": self._if,
            "Fn::Join": self._join,
            "Fn::Select": self._select,
            "Fn::Split": self._split,
            "Fn::Sub": self._sub,
            "Ref": self._ref,
        }

    def value(self, raw: object) -> object:
        """Return a value as Terraform's JSON has it; `NO_VALUE` where it is left out."""
        if isinstance(raw, str):
            return literal(raw)
        if isinstance(raw, list):
            return self._list(cast("list[object]", raw))
        return self._object(as_object(raw)) if is_container(raw) else raw

    def _object(self, raw: Mapping[str, object]) -> object:
        """Return what a function gives, or an object with its members."""
        name, given = function_of(raw) or ("", None)
        if name in self._functions:
            return self._functions[name](given)
        if _TRANSFORM in raw:
            return unknown(_TRANSFORM, raw[_TRANSFORM])  # it may replace what stands beside it
        if name.startswith("Fn::"):
            return unknown(name, given)
        items = ((escaped(key), self.value(value)) for key, value in raw.items())
        return {key: value for key, value in items if value is not NO_VALUE}

    def text(self, raw: object) -> str:
        """Return a value as a part of a text."""
        value = self.value(raw)
        if value is NO_VALUE:
            return ""
        return found if (found := as_text(value)) is not None else f"${{{source_of(value)}}}"

    def condition(self, raw: object) -> str:
        """Return a condition as the source of an expression."""
        name, given = function_of(raw) or ("", None)
        parts = [self.condition(each) for each in as_list(given)] if name in _LOGIC else []
        if name == "Fn::Equals" and len(as_list(given)) == _PAIR:
            one, other = (source_of(self.text(each)) for each in as_list(given))
            return f"({one} == {other})"
        if name == "Condition":
            return self.named_condition(as_text(given) or "")
        if name == "Fn::Not" and len(parts) == 1:
            return f"!{parts[0]}"
        if name in _LOGIC and parts:
            return f"({_LOGIC[name].join(parts)})"
        return source_of(unknown(name or "condition", given))

    def named_condition(self, name: str) -> str:
        """Return the source of the condition that a resource or a function names."""
        if name in self.conditions and _NAME.fullmatch(name):
            return f"local.{name}"
        return source_of(unknown("Condition", name))

    def members(self, raw: object, only: str = "", *, is_listed: bool = False) -> Iterator[Member]:
        """
        List the members of a list; anything else is its one member.

        Args:
            raw: The list as the template has it.
            only: The condition under which all of them are.
            is_listed: Whether it is a member of a list itself.
        """
        is_listed |= isinstance(raw, list)
        for each in as_list(raw):
            name, given = function_of(each) or ("", None)
            branches = as_list(given)
            if name != "Fn::If" or len(branches) != _IF:
                if (name, given) != ("Ref", "AWS::NoValue"):
                    yield Member(each, only, not is_listed)
                continue
            tested = self.named_condition(as_text(branches[0]) or "")
            for branch, sign in ((branches[1], ""), (branches[2], "!")):
                both = " && ".join(filter(None, (only, sign + tested)))
                yield from self.members(branch, both, is_listed=is_listed)

    def _list(self, raw: list[object]) -> object:
        """Return a list; one with members that a condition decides is joined by Terraform."""
        values = ((self.value(member), only) for member, only, _ in self.members(raw))
        found = [(value, only) for value, only in values if value is not NO_VALUE]
        if not any(only for _, only in found):
            return [value for value, _ in found]
        parts = (
            f"{only} ? [{source_of(value)}] : []" if only else f"[{source_of(value)}]"
            for value, only in found
        )
        return Expression.of(f"concat({', '.join(parts)})")

    def _ref(self, given: object) -> object:
        name = as_text(given) or ""
        if name == "AWS::NoValue":
            return NO_VALUE
        if name in self._known:
            return escaped(self._known[name])
        if name.startswith("AWS::"):
            # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
            # A name with colons would take the fields of an ARN apart.
            return Expression.of(_NO_NAME.sub(".", name))
        if not _NAME.fullmatch(name):
            return unknown("Ref", given)
        if name in self._parameters:
            return Expression.of(f"var.{name}")
        return self.of_resource(name, "Ref") or unknown("Ref", given)

    def _get_att(self, given: object) -> object:
        parts = given.partition(".")[::2] if isinstance(given, str) else as_list(given)
        name, *rest = [as_text(each) or "" for each in parts] or [""]
        return self.of_resource(name, ".".join(rest)) or unknown("Fn::GetAtt", given)

    def of_resource(self, name: str, attribute: str) -> Expression | None:
        """Return an attribute of a resource; None where there is no such resource."""
        resource = as_object(self._resources.get(name))
        kind = terraform_type(as_text(resource.get("Type")) or "")
        wanted = attribute_name(kind, attribute)
        if not (kind and wanted and _NAME.fullmatch(name)):
            return None
        # One that a condition decides is one of a list.
        instance = "[0]" if resource.get("Condition") is not None else ""
        return Expression.of(f"{kind}.{name}{instance}.{wanted}")

    def _if(self, given: object) -> object:
        branches = as_list(given)
        if len(branches) != _IF:
            return unknown("Fn::If", given)
        tested = self.named_condition(as_text(branches[0]) or "")
        then, other = (self.value(branch) for branch in branches[1:])
        if then is NO_VALUE and other is NO_VALUE:
            return NO_VALUE
        return Expression.of(f"{tested} ? {source_of(then)} : {source_of(other)}")

    def _join(self, given: object) -> object:
        parts = as_list(given)
        if len(parts) != _PAIR:
            return unknown("Fn::Join", given)
        between = self.text(parts[0])
        whole = parts[1]
        listed = list(self.members(whole))
        if all(not one.only and not one.is_whole for one in listed):
            return between.join(self.text(one.value) for one in listed)
        return Expression.of(f"join({source_of(between)}, {source_of(self.value(whole))})")

    def _select(self, given: object) -> object:
        at, listed = _two(given)
        number = as_text(at) or ""
        if not (number.isdecimal() and len(number) < _LONGEST):
            return unknown("Fn::Select", given)
        members = as_list(listed)
        if function_of(listed) is None and int(number) < len(members):
            return self.value(members[int(number)])
        return Expression.of(f"{source_of(self.value(listed))}[{int(number)}]")

    def _split(self, given: object) -> object:
        between, whole = _two(given)
        return Expression.of(
            f"split({source_of(self.text(between))}, {source_of(self.text(whole))})"
        )

    def _find_in_map(self, given: object) -> object:
        name, *keys = as_list(given) or [None]
        if not isinstance(name, str) or not self._is_mapping(name) or len(keys) != _PAIR:
            return unknown("Fn::FindInMap", given)
        steps = "".join(f"[{source_of(self.text(key))}]" for key in keys)
        return Expression.of(f"local.{mapping_name(name)}{steps}")

    def _is_mapping(self, name: str) -> bool:
        return name in self._mappings and _NAME.fullmatch(name) is not None

    def _sub(self, given: object) -> object:
        pattern, names = _two(given)
        if not isinstance(pattern, str):
            return unknown("Fn::Sub", given)
        own = as_object(names)
        pieces = _SUB.split(pattern)  # every second one is a name
        texts = (
            self._substituted(piece.strip(), own) if at % 2 else literal(piece)
            for at, piece in enumerate(pieces)
        )
        return "".join(texts)

    def _substituted(self, name: str, own: Mapping[str, object]) -> str:
        if name.startswith("!"):
            return f"$${{{name[1:]}}}"
        if name in own:
            return self.text(own[name])
        return self.text({"Fn::GetAtt": name} if "." in name else {"Ref": name})


def mapping_name(name: str) -> str:
    """Return the local that a mapping is."""
    return f"mapping_{name}"


def function_of(raw: object) -> tuple[str, object] | None:
    """Return the function that a value calls, and what it is given; None for any other value."""
    called = as_object(raw)
    if len(called) != 1:
        return None
    ((name, given),) = called.items()
    return (name, given) if name in {"Condition", "Ref"} or name.startswith("Fn::") else None


def _two(given: object) -> tuple[object, object]:
    """Return the first two of what a function is given."""
    first, second, *_ = (*as_list(given), None, None)
    return first, second
