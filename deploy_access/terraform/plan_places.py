"""
The account and the region of each provider of a plan, by what AWS says of what it made.

A plan has the ARNs of the resources, so both are known also where the provider does not name them,
and for resources without an ARN of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.iam.arns import Arn
from deploy_access.json_shape import as_object, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.terraform.plan_configuration import PlanConfiguration
    from deploy_access.terraform.plan_sides import Side

    _Object = Mapping[str, object]

UNKNOWN = "?"
"""The provider of a resource of which several providers may be it: none is called so."""
# Their `arn` is their own: what only refers to a resource may have one of another account.
_OWN_ARN = (
    "aws_ecr_repository",
    "aws_ecs_cluster",
    "aws_kms_key",
    "aws_sns_topic",
    "aws_sqs_queue",
)


def with_places(configuration: PlanConfiguration, *sides: Side) -> dict[str, _Object]:
    """Return the providers, each with the account and the region that its resources are all in."""
    found: dict[str, dict[str, set[str]]] = {}
    for address, arn in _arns(sides):
        places = found.setdefault(configuration.provider(address) or UNKNOWN, {})
        for name, value in (("account", arn.account_id), ("region", arn.region)):
            places.setdefault(name, set()).update([value] if value else [])
    written = configuration.providers
    return {
        key: {**_arguments(found.get(key, {})), **written.get(key, {})}
        for key in {**found, **written}
    }


def _arguments(places: Mapping[str, set[str]]) -> _Object:
    """Return one account and one region as the arguments of a provider."""
    known = {name: next(iter(values)) for name, values in places.items() if len(values) == 1}
    found: dict[str, object] = {}
    if "account" in known:
        found["allowed_account_ids"] = [known["account"]]
    if "region" in known:
        found["region"] = known["region"]
    return found


def _arns(sides: tuple[Side, ...]) -> Iterator[tuple[str, Arn]]:
    for side in sides:
        for (address, _), resource in side.items():
            kind, values = as_text(resource.get("type")) or "", as_object(resource.get("values"))
            is_own = kind.startswith("aws_iam_") or kind in _OWN_ARN
            arn = Arn.parse(as_text(values.get("arn")) or "")
            if arn and is_own and resource.get("mode") != "data":
                yield address, arn
