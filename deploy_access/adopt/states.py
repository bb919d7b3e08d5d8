"""The resources of a Terraform state, which has the arguments already."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deploy_access.adopt.existing import ATTACHMENT, INLINE, PROVIDER, ROLE, TYPES, Existing
from deploy_access.errors import InvalidValue, Problem
from deploy_access.iam.arns import Arn, account_of
from deploy_access.json_shape import as_object, as_text, objects, texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.adopt.existing import Inventory
    from deploy_access.json_file import JsonFile

    Object = Mapping[str, object]

# Blocks that a state repeats of what has a resource of its own, and what no argument sets.
_LEFT_OUT = frozenset({"inline_policy", "managed_policy_arns", "tags_all", "force_delete"})


def read_state(file: JsonFile, found: Inventory) -> None:
    """Read the resources of a state that can be taken over; data sources are not its own."""
    root = as_object(as_object(file.content.get("values")).get("root_module"))
    made = [one for one in _resources(root) if as_text(one.get("type")) in TYPES]
    account = _account([as_object(one.get("values")) for one in made])
    if not made:
        raise InvalidValue(_nothing(file, root))
    every = [each for one in made for each in _existing(one, account, file.name)]
    # What belongs to a repository says no region; a state has one repository of a name in most.
    regions = {one.id: one.region for one in every if one.region}
    for each in every:
        is_bare = each.type.startswith("aws_ecr_") and not each.region
        found.add(replace(each, region=regions.get(each.id, "")) if is_bare else each)
        if each.type == ROLE:
            found.whole.add((each.account, each.id))


def _nothing(file: JsonFile, root: Object) -> Problem:
    types = sorted({as_text(one.get("type")) or "" for one in _resources(root)})
    return Problem(
        what="The state has nothing that can be taken over.",
        given=file.name,
        why=f"Its resources are {', '.join(types[:5]) or 'none'}, and what is taken over is of "
        "AWS: roles, their policies, OIDC providers and repositories of images.",
        fix="Pass the state that has the roles, or leave this one out.",
    )


def _resources(module: Object) -> Iterator[Object]:
    for one in objects(module.get("resources")):
        if one.get("mode") == "managed" and not one.get("deposed_key"):
            yield one
    for child in objects(module.get("child_modules")):
        yield from _resources(child)


def _account(bodies: list[Object]) -> str:
    """Return the account of what has no ARN, such as an attachment: that of all the others."""
    arns = (as_text(body.get(key)) or "" for body in bodies for key in ("arn", "policy_arn"))
    accounts = {account for account in map(account_of, arns) if account}
    accounts |= {as_text(body.get("registry_id")) or "" for body in bodies} - {""}
    return accounts.pop() if len(accounts) == 1 else ""


def _existing(resource: Object, account: str, file: str) -> Iterator[Existing]:
    body = as_object(resource.get("values"))
    kind, address = as_text(resource.get("type")) or "", as_text(resource.get("address")) or ""
    arn = as_text(body.get("arn")) or ""
    parsed = Arn.parse(arn)
    values = {k: v for k, v in body.items() if k not in _LEFT_OUT and v is not None}
    if kind == PROVIDER:
        values["url"] = (as_text(body.get("url")) or "").removeprefix("https://")
    here = (parsed and parsed.account_id) or as_text(body.get("registry_id")) or account
    region = _region(kind, parsed, body)
    yield Existing(
        type=kind,
        account=here,
        region=region,
        id=_import_id(kind, body, arn),
        values=values,
        file=file,
        state=address,
    )
    if kind == ROLE:
        yield from _policies(body, here, file)


def _policies(body: Object, account: str, file: str) -> Iterator[Existing]:
    """List the policies that the state has read off the role, those of other states too."""
    role = as_text(body.get("name")) or ""
    for one in objects(body.get("inline_policy")):
        name = as_text(one.get("name")) or ""
        if name:
            said = {"role": role, "name": name, "policy": as_text(one.get("policy")) or ""}
            yield Existing(
                type=INLINE, account=account, id=f"{role}:{name}", values=said, file=file
            )
    for arn in texts(body.get("managed_policy_arns")):
        said = {"role": role, "policy_arn": arn}
        yield Existing(type=ATTACHMENT, account=account, id=f"{role}/{arn}", values=said, file=file)


def _region(kind: str, arn: Arn | None, body: Object) -> str:
    if not kind.startswith("aws_ecr_"):
        return ""
    return (arn.region if arn else "") or as_text(body.get("region")) or ""


def _import_id(kind: str, body: Object, arn: str) -> str:
    name = as_text(body.get("name")) or ""
    match kind:
        case "aws_iam_role_policy":
            return f"{body.get('role')}:{name}"
        case "aws_iam_role_policy_attachment":
            return f"{body.get('role')}/{body.get('policy_arn')}"
        case "aws_iam_role" | "aws_ecr_repository":
            return name
        case "aws_ecr_lifecycle_policy" | "aws_ecr_repository_policy":
            return as_text(body.get("repository")) or ""
        case _:
            return arn
