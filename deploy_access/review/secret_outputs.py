"""
The notices about outputs that show a secret.

Source: https://developer.hashicorp.com/terraform/language/manage-sensitive-data
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.json_shape import as_list, as_object, as_text, objects, texts
from deploy_access.resource_diff.stack_pairs import pairs
from deploy_access.review.model import Notice
from deploy_access.terraform.aws_types import secrets_of
from deploy_access.terraform.definitions import texts_within

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.terraform.snapshot import ScopedStack, Snapshot

_WHAT = "It shows a secret to everybody who may read the state, or the outputs."
# Of other providers, from their pages in https://registry.terraform.io/namespaces/hashicorp
_OTHERS: Mapping[str, frozenset[str]] = {
    "random_bytes": frozenset({"base64", "hex"}),
    "random_password": frozenset({"bcrypt_hash", "result"}),
    "tls_private_key": frozenset(
        {"private_key_openssh", "private_key_pem", "private_key_pem_pkcs8"}
    ),
}
_EXPRESSION = re.compile(r"[$%]\{")
_NAME = re.compile(
    r"(?<![\w.])(?P<mode>data\.)?(?P<kind>[A-Za-z_]\w*)\.(?P<name>[\w-]+)"
    r"(?P<rest>(?:\[[^\]\[]*\]|\.\w+|\.\*)*)"
)


def secret_outputs(base: Snapshot, head: Snapshot) -> Iterator[Notice]:
    """List the outputs that show a secret which they did not show before."""
    for name, before, after in pairs(base.stacks, head.stacks):
        if after is None or (before and before.source.is_same(after.source)):
            continue
        for output, value in _outputs(after).items():
            # A plan names the outputs that it changes; its state has no expressions.
            old = before.scope.module.outputs.get(output) if before else None
            told = sorted(
                _secrets(after, value) - (_secrets(before, old) if before else set[str]())
            )
            if told:
                given = f"It is {', '.join(f'`{one}`' for one in told)}."
                where = f"output.{output}"
                yield Notice(kind="access", address=where, what=_WHAT, given=given, stacks=(name,))


def _outputs(stack: ScopedStack) -> Mapping[str, object]:
    """Return the outputs of a stack; of a plan those that it changes, as their references."""
    if not stack.is_plan:
        return stack.scope.module.outputs
    changes = as_object(stack.content.get("output_changes"))
    root = as_object(as_object(stack.content.get("configuration")).get("root_module"))
    return {
        name: [f"${{{one}}}" for one in _longest(as_object(body.get("expression")))]
        for name, value in as_object(root.get("outputs")).items()
        for body in objects(value)
        if {*as_list(as_object(changes.get(name)).get("actions"))} - {"no-op", "delete"}
    }


def _longest(expression: Mapping[str, object]) -> list[str]:
    """List the references of a plan, which names each block after its attribute once more."""
    found = texts(expression.get("references"))
    return [one for one in found if not any(other.startswith(f"{one}.") for other in found)]


def _secrets(stack: ScopedStack, value: object) -> set[str]:
    """List the secrets that a value is made of, those in the definitions of locals too."""
    found: set[str] = set()
    opened: set[str] = set()
    left = [value]
    while left:
        for one in _names(left.pop()):
            kind, name = one["kind"], one["name"]
            if kind == "local" and name not in opened:
                opened.add(name)
                left.append(stack.scope.module.local_values.get(name))
            elif _is_secret(stack, one):
                found.add(one[0])
    return found


def _names(value: object) -> Iterator[re.Match[str]]:
    for text in texts_within(value):
        begins = _EXPRESSION.search(text)
        yield from _NAME.finditer(text, begins.start()) if begins else ()


def _is_secret(stack: ScopedStack, found: re.Match[str]) -> bool:
    kind, taken = found["kind"], re.findall(r"\.(\w+)", found["rest"])
    if kind == "var":
        return _is_sensitive(stack, found["name"])
    secrets = _OTHERS.get(kind) or secrets_of(f"{found['mode'] or ''}{kind}")
    # What is taken may be a block with a secret in it, or all of the resource.
    return any(_agree(taken, path.split(".")) for path in secrets)


def _agree(taken: list[str], path: list[str]) -> bool:
    return all(one == other for one, other in zip(taken, path, strict=False))


def _is_sensitive(stack: ScopedStack, name: str) -> bool:
    variables = objects(stack.content.get("variable"))
    return any(
        as_text(body.get("sensitive")) == "true"
        for one in variables
        for body in objects(one.get(name))
    )
