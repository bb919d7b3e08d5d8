"""
Calls of Node that wait for each other: one round trip for many, as each costs 0.7 ms of CPU.

What a construct makes below itself needs no answer. So it waits until Python next asks Node for
anything, and goes there with that call, or right before it. Whoever looks at the tree sees it all.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from constructs_lib._fast_import import STOCK_IMPORT
from constructs_lib._jsii_package import JsiiPackage
from constructs_lib.provider import AwsProvider  # before `constructs`: it makes Node start fast

import jsii  # isort: skip
from constructs import Construct, IConstruct  # isort: skip

if TYPE_CHECKING:
    from collections.abc import Callable

JSII = cast("Any", jsii)
"""jsii, which has no types of its own for what its generated code calls."""

_NAME = "@deploy-access/elements"
_TEXT, _ANY = {"primitive": "string"}, {"primitive": "any"}
_LIST = {"collection": {"kind": "array", "elementtype": _ANY}}


def _method(name: str, answer: object, **parameters: object) -> dict[str, object]:
    """Describe a static method as jsii's assembly does."""
    takes = [{"name": key, "type": kind} for key, kind in parameters.items()]
    returns = {"returns": {"type": answer}} if answer else {}
    return {"name": name, "static": True, "parameters": takes, **returns}


_SCOPE = {"fqn": "constructs.Construct"}
_CALLS_TYPE = {
    "kind": "class",
    "methods": [
        _method("run", None, text=_TEXT, objects=_LIST),
        _method("look", _LIST, stack=_ANY, providerType=_TEXT),
    ],
}
_PART_TYPE = {
    "kind": "class",
    "base": "constructs.Construct",
    "initializer": _method("", None, scope=_SCOPE, id=_TEXT, text=_TEXT, objects=_LIST),
}
_TYPES = {
    f"{_NAME}.{name}": {**kind, "assembly": _NAME, "fqn": f"{_NAME}.{name}", "name": name}
    for name, kind in {"Calls": _CALLS_TYPE, "Part": _PART_TYPE}.items()
}


class _Calls(metaclass=jsii.JSIIMeta, jsii_type=f"{_NAME}.Calls"):
    """The class of `_elements.cjs` that makes calls."""


class _Waiting:
    """What Node has not been told yet."""

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._calls: list[list[object]] = []
        self._objects: list[object] = []
        self._numbers: dict[int, int] = {}

    def number(self, value: object) -> int:
        """Return the place of an object of jsii in the list that goes with the calls."""
        # The list keeps the object, so its id is not used again.
        if id(value) not in self._numbers:
            self._numbers[id(value)] = len(self._objects)
            self._objects.append(value)
        return self._numbers[id(value)]

    def add(self, name: str, *arguments: object) -> None:
        """Let a call wait."""
        self._calls.append([name, *arguments])

    def take(self) -> tuple[str, list[object]]:
        """Return what waits, as the two arguments of Node's half, and begin anew."""
        taken = json.dumps(self._calls), self._objects
        self._forget()
        return taken

    def flush(self) -> None:
        """Tell Node what waits."""
        if self._calls:
            JSII.sinvoke(_Calls, "run", [*self.take()])


class _Link:
    """jsii's link to Node, which tells it first what waits."""

    def __init__(self, link: object) -> None:
        self._link = link

    def __getattr__(self, name: str) -> Callable[..., object]:
        send = getattr(self._link, name)

        def send_after(*args: object, **options: object) -> object:
            WAITING.flush()
            return send(*args, **options)

        # The next look-up finds it without a call of this method.
        setattr(self, name, send_after)
        return send_after


WAITING = _Waiting()
"""The calls that wait."""


def _can_wait() -> bool:
    """Load Node's half; where it does not load, each call goes to Node by itself."""
    if os.environ.get(STOCK_IMPORT) == "1" or not hasattr(jsii.kernel, "provider"):
        return False
    script = Path(__file__).with_name("_elements.cjs")
    if not JsiiPackage(name=_NAME, script=script, types=_TYPES).load():
        return False
    jsii.kernel.provider = cast("Any", _Link(jsii.kernel.provider))
    return True


class Waits:
    """Whether calls wait for each other, or each goes to Node by itself."""

    allowed = _can_wait()


class Part(Construct, metaclass=jsii.JSIIMeta, jsii_type=f"{_NAME}.Part"):
    """A construct that takes along to Node what waits."""

    def __init__(self, scope: Construct, id: str) -> None:  # noqa: A002 - the word of constructs
        if Waits.allowed:
            JSII.create(Part, self, [scope, id, *WAITING.take()])
        else:
            # With the type of every construct: the other is known to Node's half alone.
            JSII.create(Construct, self, [scope, id])


def look_at(stack: Construct) -> tuple[IConstruct, Any] | None:
    """
    Return the app of *stack*, with region and accounts of its default AWS provider.

    They are None where there is no such provider, or where its own properties tell more. None in
    place of it all where each call goes to Node by itself.
    """
    if not Waits.allowed:
        return None
    kind = getattr(AwsProvider, "__jsii_type__")  # noqa: B009 - pyright does not see it
    root, facts = JSII.sinvoke(_Calls, "look", [stack, kind])
    return root, json.loads(facts)
