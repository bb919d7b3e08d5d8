"""
A plan or a state, as `terraform show -json` prints it, as blocks.

Source: https://developer.hashicorp.com/terraform/internals/json-format

The values in a plan are literal. A value that is known after apply only is replaced by its
expression in the configuration, so that a plan is then read like any other JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.json_shape import as_object, as_text, objects
from deploy_access.terraform import plan_sides
from deploy_access.terraform.blocks import Block, Module
from deploy_access.terraform.bounds import at_most
from deploy_access.terraform.estate import Unread, Where
from deploy_access.terraform.plan_configuration import PlanConfiguration
from deploy_access.terraform.plan_expressions import (
    KNOWN_LATER,
    instance_values,
    literal,
    of_instance,
)
from deploy_access.terraform.plan_places import UNKNOWN, with_places
from deploy_access.terraform.plan_values import fill_in
from deploy_access.terraform.reported_policies import own_policies, without_denials, without_own

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.json_file import JsonFile
    from deploy_access.terraform.plan_sides import Side

    _Object = Mapping[str, object]

STATE = "values"
"""The key that a state has at its top, and a plan has not."""
_DOCUMENT, _JSON = "aws_iam_policy_document", ("json", "minified_json")


def read_plan(file: JsonFile) -> list[Module]:
    """Read the root module after apply, and each module that it calls as one of its own."""
    configuration = PlanConfiguration(file.content)
    before, after = read_sides(file.content, configuration)
    unknown = plan_sides.unknown_after_apply(file.content)
    variables = as_object(file.content.get("variables")).items()
    values = {name: literal(as_object(given).get("value")) for name, given in variables}
    providers = with_places(configuration, before, after)
    return [
        Module(
            file=file.name,
            stack=None,
            blocks=tuple(
                _block(each, configuration, unknown) for each in at_most(resources, file.name)
            ),
            providers=providers,
            # A plan holds the variables of its root module only, and no locals.
            local_values={},
            variables={} if path else values,
            outputs={},
            are_set=True,
            unread=() if path else tuple(_unread(file)),
        )
        for path, resources in plan_sides.by_module(after).items()
    ]


def _unread(file: JsonFile) -> Iterator[Unread]:
    if file.content.get("errored") is True:
        what = "The plan ended with an error, so it may lack changes."
        yield Unread(kind="unresolved", what=what, given="errored", where=Where(file.name))
    for entry in objects(file.content.get("deferred_changes")):
        address = as_text(as_object(entry.get("resource_change")).get("address")) or ""
        yield Unread(
            kind="unresolved",
            what="Terraform puts the change of this resource off, and only a later plan has it.",
            given=as_text(entry.get("reason")) or "",
            where=Where(file.name, address),
        )


def state_before(plan: _Object) -> dict[str, object]:
    """Return the state that a plan was made for, with the configuration of the plan."""
    kept = {key: plan[key] for key in ("configuration", "variables") if key in plan}
    before, _ = read_sides(plan)
    return {**kept, STATE: plan_sides.as_state(before)}


def read_sides(
    document: _Object, configuration: PlanConfiguration | None = None
) -> tuple[Side, Side]:
    """Return the resources before and after apply, without what they repeat of each other."""
    configuration = configuration or PlanConfiguration(document)
    before, after = plan_sides.before_apply(document), plan_sides.after_apply(document)
    own, written = own_policies(before), configuration.written
    old = without_own(before, own, written)
    new = without_own(after, own | own_policies(after), written)
    if STATE in document:
        return old, new
    return without_denials(old, new, written), without_denials(new, new, written)


def _block(
    resource: _Object, configuration: PlanConfiguration, unknown: Mapping[str, _Object]
) -> Block:
    address, index = as_text(resource.get("address")) or "", resource.get("index")
    return Block(
        mode="data" if resource.get("mode") == "data" else "resource",
        type=as_text(resource.get("type")) or "",
        name=as_text(resource.get("name")) or "",
        body=_body(resource, configuration, unknown.get(address, {})),
        address=address,
        index=index if isinstance(index, str | int) else None,
    )


def _body(
    resource: _Object, configuration: PlanConfiguration, unknown: _Object
) -> dict[str, object]:
    address = as_text(resource.get("address")) or ""
    body = fill_in(as_object(resource.get("values")), unknown, configuration.written(address))
    if resource.get("type") == _DOCUMENT and unknown.get("statement") is True:
        # `dynamic` blocks make statements, and neither how many nor which is known.
        body |= dict.fromkeys(_JSON, f"${{{address}.json, {KNOWN_LATER}}}")
    if resource.get("index") is not None:
        known = instance_values(configuration.of(address), resource["index"])
        body = {k: of_instance(v, known) for k, v in body.items()}
    return {**body, "provider": configuration.provider(address) or UNKNOWN}
