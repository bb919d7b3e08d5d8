"""
What is there and what was synthesized, as two sides that can be compared.

The side of what is there has the addresses of the other one: those of its `import` blocks. What
Terraform fills in, as the name of a role in its policy, is the same on both sides, as the id of an
import names it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deploy_access.adopt.existing import (
    ATTACHMENT,
    INLINE,
    LIFECYCLE,
    POLICY,
    PROVIDER,
    REPOSITORY,
    REPOSITORY_POLICY,
    ROLE,
)
from deploy_access.adopt.same_text import is_same_document
from deploy_access.iam.arns import account_of
from deploy_access.json_file import JsonFile
from deploy_access.json_shape import as_object, as_text, objects, texts
from deploy_access.terraform.sources import StackFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deploy_access.adopt.existing import Existing, Inventory

    Object = Mapping[str, object]
    Body = dict[str, object]

_DOCUMENTS = ("assume_role_policy", "policy")
# What may be left out without being changed: the provider keeps what AWS has.
_KEPT = {PROVIDER: {"thumbprint_list"}, ROLE: {"arn"}, POLICY: {"arn"}}
# Of these the id of the import says what Terraform fills in.
_NAMED = {
    ATTACHMENT: ("role", "policy_arn"),
    INLINE: ("role", "name"),
    LIFECYCLE: ("repository",),
    REPOSITORY_POLICY: ("repository",),
}
_TAGGED = {ROLE, POLICY, PROVIDER, REPOSITORY}
_ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    ROLE: ("description", "permissions_boundary"),
    POLICY: ("description",),
}
"""The arguments that Terraform takes away where they are left out."""


@dataclass(slots=True, kw_only=True)
class Sides:
    """
    Both sides of a comparison.

    Attributes:
        base: What is there.
        head: What was synthesized.
        taken: What is imported, by what makes each the same.
        unknown: The ids that are imported and of which no file says anything, as sentences.
    """

    base: list[StackFile] = field(default_factory=list[StackFile])
    head: list[StackFile] = field(default_factory=list[StackFile])
    taken: dict[tuple[str, str, str, str], Existing] = field(
        default_factory=dict[tuple[str, str, str, str], "Existing"]
    )
    unknown: list[str] = field(default_factory=list[str])


def sides_of(stacks: Iterable[StackFile], inventory: Inventory) -> Sides:
    """Make both sides of the stacks that were synthesized."""
    found = Sides()
    for source in stacks:
        _add(source, inventory, found)
    roles = [one for one in found.taken.values() if one.type == ROLE]
    for account in sorted({one.account for one in roles}):
        rest = _rest(account, roles, inventory, found)
        found.base.append(rest)
        found.head.append(rest)
    return found


def _add(source: StackFile, inventory: Inventory, found: Sides) -> None:
    content = source.file.content
    provider = as_object(next(objects(as_object(content.get("provider")).get("aws")), None))
    account = next(iter(texts(provider.get("allowed_account_ids"))), "")
    region = as_text(provider.get("region")) or ""
    default = _default_tags(provider)
    head = _resources(content, default)
    base: dict[str, dict[str, Body]] = {}
    for block in objects(content.get("import")):
        kind, _dot, name = (as_text(block.get("to")) or "").partition(".")
        id_ = as_text(block.get("id")) or ""
        is_regional = kind.startswith("aws_ecr_")
        one = inventory.find(kind, account, id_, region if is_regional else "")
        body = as_object(as_object(head.get(kind)).get(name))
        if one is None:
            found.unknown.append(f"No file says what {id_} is ({kind} in account {account}).")
            one_body: Body = {**body}
        else:
            found.taken[one.key] = one
            one_body = _as_is(one, body)
        base.setdefault(kind, {})[name] = one_body
    shared: Body = {**content, "provider": _without_tags(content)}
    found.head.append(_stack(source, {**shared, "resource": head}))
    if base:
        before = {k: v for k, v in shared.items() if k not in {"import", "output"}}
        found.base.append(_stack(source, {**before, "resource": base}))


def _stack(source: StackFile, content: Body) -> StackFile:
    file = JsonFile(source.file.name, content, ())
    return StackFile(file=file, stack=source.stack, directory=source.directory)


def _default_tags(provider: Object) -> Body:
    tags: Body = {}
    for block in objects(provider.get("default_tags")):
        tags |= as_object(block.get("tags"))
    return tags


def _without_tags(content: Object) -> Body:
    """Return the providers without their default tags, which every resource has as its own here."""
    providers = as_object(content.get("provider"))
    plain = [
        {key: value for key, value in one.items() if key != "default_tags"}
        for one in objects(providers.get("aws"))
    ]
    return {**providers, "aws": plain}


def _resources(content: Object, default: Object) -> dict[str, dict[str, Body]]:
    return {
        kind: {
            name: _with_tags(kind, as_object(body), default)
            for name, body in as_object(bodies).items()
        }
        for kind, bodies in as_object(content.get("resource")).items()
    }


def _with_tags(kind: str, body: Object, default: Object) -> Body:
    tags = {**default, **as_object(body.get("tags"))} if kind in _TAGGED else {}
    return {**body, **({"tags": tags} if tags else {})}


def _as_is(one: Existing, head: Object) -> Body:
    """Return what is there with the arguments that the other side has, or takes away."""
    compared = {*head, *_ARGUMENTS.get(one.type, ()), *(("tags",) if one.type in _TAGGED else ())}
    body = {key: _written(one.values[key]) for key in compared & one.values.keys()}
    body = {key: value for key, value in body.items() if value not in ("", {}, [])}
    body |= {key: head[key] for key in ("//", "depends_on", "provider") if key in head}
    body |= {key: head[key] for key in _NAMED.get(one.type, ()) if key in head}
    for key in _DOCUMENTS:
        text, other = as_text(body.get(key)), as_text(head.get(key))
        if text and other and is_same_document(text, other):
            body[key] = other
    for key, value in head.items():
        if key not in one.values and key not in body and key in _UNSAID.get(one.type, ()):
            body[key] = value
    if one.type == PROVIDER:
        body["url"] = head.get("url", f"https://{one.text('url')}")
        _keep_order(body, head, "client_id_list")
    return body


# What no answer says, and an import leaves as it is written.
_UNSAID = {REPOSITORY: ("force_delete", "lifecycle"), ROLE: ("lifecycle",)}


def _keep_order(body: Body, head: Object, key: str) -> None:
    """Take the order of the other side, where both list the same: it is a set on AWS."""
    if sorted(texts(body.get(key))) == sorted(texts(head.get(key))):
        body[key] = head[key]


def _written(value: object) -> object:
    """Escape what Terraform would read as an expression."""
    if isinstance(value, str):
        return value.replace("${", "$${").replace("%{", "%%{")
    return value


def _rest(account: str, roles: list[Existing], inventory: Inventory, found: Sides) -> StackFile:
    """Make a stack of the policies that stay, which both sides have."""
    names = {one.text("name") for one in roles if one.account == account}
    stays = [one for one in _policies(account, inventory) if one.key not in found.taken]
    resources: dict[str, dict[str, Body]] = {}
    for index, one in enumerate(stays):
        if one.type == POLICY or (one.type == INLINE and one.text("role") in names):
            keys = ("arn", "name", "path", "policy", "role")
            body = {k: _written(one.values[k]) for k in keys if k in one.values}
            resources.setdefault(one.type, {})[f"stays_{index}"] = body
    content: Body = {
        "provider": {"aws": [{"allowed_account_ids": [account], "region": "us-east-1"}]},
        "resource": resources,
    }
    name = f"what stays in account {account}"
    return StackFile(file=JsonFile(name, content, ()), stack=name, directory=name)


def _policies(account: str, inventory: Inventory) -> Iterator[Existing]:
    for kind in (INLINE, POLICY):
        for one in inventory.of(kind):
            is_whole = kind == INLINE or one.text("policy")
            # Those of AWS's own are of no account, and in every one.
            if is_whole and (one.account or account_of(one.id) or account) == account:
                yield one
