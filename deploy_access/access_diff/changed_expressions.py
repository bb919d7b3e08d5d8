"""
The expressions that neither side resolves and whose definition differs.

One text stands for two values then. In the base it is called another name, so that it equals
nothing of the head for certain.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from deploy_access.terraform.estate import (
        Document,
        Estate,
        Identity,
        NamedPolicy,
        ResourcePolicy,
        Role,
        Where,
    )

BEFORE = " (before)"
"""The end of the name that an expression of the base has when it is not the one of the head."""


def told_apart(base: Estate, head: Estate) -> Estate:
    """Return *base* with another name for each expression that is not the one of *head*."""
    changed = _Changed(base.definitions, head.definitions)
    if not changed:
        return base
    return replace(
        base,
        roles=tuple(map(changed.role, base.roles)),
        identities=tuple(map(changed.identity, base.identities)),
        resource_policies=tuple(map(changed.resource_policy, base.resource_policies)),
    )


class _Changed:
    """The expressions that changed, by the stack that they stand in."""

    def __init__(
        self, before: Mapping[tuple[str, str], str], after: Mapping[tuple[str, str], str]
    ) -> None:
        self._names: dict[str, list[str]] = {}
        for (stack, name), digest in before.items():
            if after.get((stack, name), digest) != digest:
                self._names.setdefault(stack, []).append(name)

    def __bool__(self) -> bool:
        return bool(self._names)

    def role(self, role: Role) -> Role:
        """Return a role of the base."""
        return replace(
            role,
            name=self._text(role.where, role.name),
            trust=role.trust and self._document(role.trust),
            policies=tuple(map(self._policy, role.policies)),
            boundary=role.boundary and self._policy(role.boundary),
        )

    def identity(self, one: Identity) -> Identity:
        """Return a user, a group or a managed policy of the base."""
        return replace(
            one,
            name=self._text(one.where, one.name),
            policies=tuple(map(self._policy, one.policies)),
            boundary=one.boundary and self._policy(one.boundary),
        )

    def resource_policy(self, policy: ResourcePolicy) -> ResourcePolicy:
        """Return the policy of a resource of the base."""
        name = self._text(policy.where, policy.resource)
        return replace(policy, resource=name, document=self._document(policy.document))

    def _policy(self, policy: NamedPolicy) -> NamedPolicy:
        return replace(
            policy,
            arn=policy.arn and self._text(policy.where, policy.arn),
            document=policy.document and self._document(policy.document),
        )

    def _document(self, document: Document) -> Document:
        names = self._names_in(document.where)
        if not names:
            return document
        parts = (replace(one, document=self._document(one.document)) for one in document.parts)
        return replace(
            document,
            content=_content(document.content, names),
            unresolved=tuple(f"{n}{BEFORE}" if n in names else n for n in document.unresolved),
            left_out=tuple(self._text(document.where, text) for text in document.left_out),
            parts=tuple(parts),
        )

    def _text(self, where: Where, text: str) -> str:
        return _renamed(text, self._names_in(where)) if "${" in text else text

    def _names_in(self, where: Where) -> Collection[str]:
        return self._names.get(where.stack or "", ())


def _content(
    content: str | Mapping[str, object] | None, names: Collection[str]
) -> str | Mapping[str, object] | None:
    if content is None:
        return None
    if isinstance(content, str):
        return _renamed(content, [json.dumps(name, ensure_ascii=False)[1:-1] for name in names])
    text = _content(json.dumps(content, ensure_ascii=False), names)
    return cast("Mapping[str, object]", json.loads(str(text)))


def _renamed(text: str, names: Collection[str]) -> str:
    for name in names:
        text = text.replace(f"${{{name}}}", f"${{{name}{BEFORE}}}")
    return text
