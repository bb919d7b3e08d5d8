"""
The conditions that make a statement narrower than its resources are.

A condition counts when a request meets it only with one of its values: under `IfExists`,
`ForAllValues` or a `Not…`, a request without the key is let through.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deploy_access.iam.arns import Arn
from deploy_access.iam.capabilities import ECS_TASKS
from deploy_access.iam.operators import read_operator
from deploy_access.iam.patterns import matches_plain

if TYPE_CHECKING:
    from deploy_access.iam.operators import Operator
    from deploy_access.iam.policy import Condition, PolicyStatement

# Which resource a call is about: its tags, the cluster it is in, the key by its alias or by what it
# encrypts, the VPC, the record of a zone. With one of them `*` is as narrow as names.
_OF_RESOURCE = re.compile(
    r"[a-z0-9-]+:resourcetag/.+|ecs:cluster|kms:(requestalias|resourcealiases|viaservice)"
    r"|kms:encryptioncontext(keys|:.+)|s3:(dataaccesspointarn|(buckettag|existingobjecttag)/.+)|rds:(?!req-)[a-z-]+-tag/.+"
    r"|ec2:vpc|ecs:container-name|secretsmanager:secretid"
    r"|route53:changeresourcerecordsetsnormalizedrecordnames"
)
# A request always has it, and for each of its changes, so AWS's own examples ask by `ForAllValues`.
# https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-rrset-conditions.html
_ALWAYS_SENT = frozenset({"route53:changeresourcerecordsetsnormalizedrecordnames"})
# A pattern that means services as far apart as these means any.
_FAR_APART = ("ec2.amazonaws.com", "lambda.amazonaws.com", ECS_TASKS)

PASSED_TO = "iam:passedtoservice"
"""The service that a role is passed to, in lower case."""


def narrows(condition: Condition) -> bool:
    """Whether a request meets *condition* only with a value that is not any."""
    operator = read_operator(condition.operator)
    is_any = any(map(_is_any, condition.values))
    return operator is not None and not is_any and _needs_value(operator, condition.key.lower())


def _is_any(value: str) -> bool:
    """Whether a value is `*`, or the ARN of everything of a type, as `…:cluster/*`."""
    arn = Arn.parse(value)
    return not (arn.resource_id if arn else value).strip("*")


def _needs_value(operator: Operator, key: str) -> bool:
    is_sent = operator.is_for_all and key in _ALWAYS_SENT
    return operator.needs_value or (is_sent and not operator.negated and operator.is_textual)


def is_narrowed(statement: PolicyStatement) -> bool:
    """Whether a condition says which resources a statement is about."""
    return any(
        _OF_RESOURCE.fullmatch(condition.key.lower()) and narrows(condition)
        for condition in statement.conditions
    )


def names_services(statement: PolicyStatement) -> bool:
    """Whether a statement says to which services a role may be passed."""
    return any(
        c.key.lower() == PASSED_TO and narrows(c) and not _means_any_service(c)
        for c in statement.conditions
    )


def _means_any_service(condition: Condition) -> bool:
    operator = read_operator(condition.operator)
    return (operator is not None and operator.is_pattern) and any(
        all(matches_plain(value, service) for service in _FAR_APART) for value in condition.values
    )


def may_pass_to(statement: PolicyStatement, service: str) -> bool:
    """Whether a role may be passed to *service*, also in China, where its name goes on."""
    return all(
        any(matches_plain(value, service) or value.startswith(service) for value in one.values)
        for one in statement.conditions
        if one.key.lower() == PASSED_TO and narrows(one)
    )
