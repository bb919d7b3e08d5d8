"""
The rules about the resources of one statement, each paired with the actions that take it.

`deploymentconfig:*` is all of the configurations, and none of what `ecs:UpdateService` takes.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from deploy_access.audit.finding import finding
from deploy_access.audit.narrowing import is_narrowed
from deploy_access.audit.reach import OF_DEPLOYS, REACHES, TARGETS, harm, to_be_named
from deploy_access.audit.report_model import DocumentFinding, held
from deploy_access.audit.wide_resource import is_everything, known_text, lacks_cluster
from deploy_access.iam.action_resources import may_take, services_taken, takes_all
from deploy_access.iam.actions import is_listed, is_whole_service, matches, takes_resource
from deploy_access.iam.arns import service_of
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.audit.catalogue import Severity
    from deploy_access.audit.finding import Finding
    from deploy_access.iam.policy import PolicyStatement

_SHOWN = 3
_BY_HARM: tuple[Severity, ...] = ("note", "warning", "error")
_EXEC = "ecs:ExecuteCommand"
"""The call is about a cluster and a task in it, so naming either of them is enough."""


def check_resources(statement: PolicyStatement) -> Iterator[DocumentFinding]:
    """Check the resources of a statement that allows."""
    path = f"Statement[{statement.index}]"
    for resource in filter(lacks_cluster, statement.resources or ()):
        yield DocumentFinding(_no_cluster(resource), path, "Resource")
    named = to_be_named(statement.actions or ())
    if not named or is_narrowed(statement):
        return
    if statement.not_resources:
        shown = ", ".join(statement.not_resources)
        for found in _resource_star(shown, named, _one_without_resource(statement)):
            yield DocumentFinding(found, path, "NotResource", held(statement.not_resources))
    else:
        reached = dict(_reached(statement.resources or (), named))
        for resource, actions in reached.items():
            apart = _one_without_resource(statement) if is_everything(resource) else ""
            for found in _resource_star(resource, actions, apart):
                yield DocumentFinding(found, path, "Resource")
        named = sorted({action for actions in reached.values() for action in actions})
    yield from _far_reaching(statement, named)


def _reached(resources: Sequence[str], named: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """List the resources that are all that some actions take, each with those actions."""
    if _EXEC in named and _is_in_one_place(resources):
        named = [action for action in named if action != _EXEC]
    by_service: defaultdict[str, list[str]] = defaultdict(list)
    for action in named:
        for service in services_taken(action):
            by_service[service].append(action)
    for resource in filter(has_wildcard, resources):
        if is_everything(resource):
            yield resource, [*named]
            continue
        literal, service = known_text(resource), service_of(resource)
        asked = named if has_wildcard(service) or not service else by_service.get(service, ())
        reached = [a for a in asked if takes_all(a, literal, TARGETS.get(a, ()))]
        if reached:
            yield resource, reached


def _is_in_one_place(resources: Sequence[str]) -> bool:
    """Whether a command may be typed only in a cluster that is named, or into one task."""
    return not any(map(is_everything, resources)) and any(
        may_take(_EXEC, one) and not takes_all(_EXEC, known_text(one)) for one in resources
    )


def _one_without_resource(statement: PolicyStatement) -> str:
    """Return an action of a statement that `*` alone allows; empty where it has none."""
    actions = statement.actions or ()
    return next((a for a in actions if is_listed(a) and not takes_resource(a)), "")


def _resource_star(resource: str, named: Sequence[str], apart: str) -> Iterator[Finding]:
    ordinary = sorted((a for a in named if a in OF_DEPLOYS), key=harm, reverse=True)
    if ordinary:
        more = f" and {len(ordinary) - _SHOWN} more" if len(ordinary) > _SHOWN else ""
        yield finding(
            "resource-star",
            resource,
            f"It is about everything there is: {', '.join(ordinary[:_SHOWN])}{more}.",
            f"Name the ARNs; `{apart}` takes none: give it its own statement."
            if apart
            else "Name the ARNs that they are for.",
            severity=_BY_HARM[harm(ordinary[0])],
        )


def _far_reaching(statement: PolicyStatement, reached: Sequence[str]) -> Iterator[DocumentFinding]:
    path = f"Statement[{statement.index}]"
    far = [action for action in reached if action in REACHES]
    for pattern in statement.actions or () if far else ():
        meant = [a for a in far if matches(pattern, a) and not is_whole_service(pattern)]
        if meant:
            found = finding("far-reaching", pattern, _why_far(pattern, meant), _help_of(meant[0]))
            yield DocumentFinding(found, path, "Action")


def _why_far(pattern: str, meant: Sequence[str]) -> str:
    if not has_wildcard(pattern):
        return f"{REACHES[meant[0]]}."
    others = meant[1:_SHOWN]
    more = f"; it means {', '.join(others)} too" if others else ""
    return f"It means {meant[0]}: {REACHES[meant[0]].lower()}{more}."


def _help_of(action: str) -> str:
    if takes_resource(action):
        return f"Name the ARNs that `{action}` is for, or leave it out."
    return f"Leave `{action}` to the role that runs Terraform; it takes no resource."


def _no_cluster(resource: str) -> Finding:
    return finding(
        "no-cluster",
        resource,
        "It never matches: the ARN of a service has its cluster in it.",
        "Write `arn:aws:ecs:REGION:ACCOUNT:service/CLUSTER/SERVICE`.",
    )
