"""
Type hints of the code that jsii generates, computed once.

That code checks its arguments at each call, and evaluates the annotations of the function anew each
time, although they never change. Without this, a third of the time for 300 stacks goes there.
"""

import functools
import sys
import typing
from types import ModuleType

import jsii

_PRIVATE = "._private"  # `publication`, which jsii's code calls, keeps the code under this name


def remember_type_hints() -> None:
    """Let the generated modules that are loaded by now keep the type hints of their functions."""
    remembering = _typing_with_memory()
    # A copy: reading a module's names may import others.
    for name, module in list(sys.modules.items()):
        if name.endswith(_PRIVATE) and _is_generated(module):
            vars(module)["typing"] = remembering


def _is_generated(module: ModuleType) -> bool:
    names = vars(module)
    return names.get("jsii") is jsii and names.get("typing") is typing


def _typing_with_memory() -> ModuleType:
    # A module of our own, so that `typing` stays as it is for all other code.
    remembering = ModuleType(typing.__name__)
    vars(remembering).update(vars(typing))
    vars(remembering)["get_type_hints"] = functools.cache(typing.get_type_hints)
    return remembering
