"""
The rules about ECR repositories: their policies, their lifecycles and their settings.

Sources: https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html,
https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from deploy_access.audit.caller_conditions import (
    asks_for,
    asks_for_secret_or_place,
    names_owner,
)
from deploy_access.audit.documents import check_document
from deploy_access.audit.finding import finding
from deploy_access.audit.refusal_rules import check_selection
from deploy_access.audit.report_model import DocumentFinding
from deploy_access.audit.trust_rules import check_not_principals
from deploy_access.github.oidc_trust import is_everybody
from deploy_access.iam.arns import Arn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.audit.finding import Finding
    from deploy_access.iam.policy import Policy, PolicyStatement, Principal
    from deploy_access.terraform.estate import Document, Repository

ECR_POLICIES = frozenset({"aws_ecr_registry_policy", "aws_ecr_repository_policy"})


def check_repository_policy(document: Document) -> Iterator[DocumentFinding]:
    """Check the policy of a repository."""
    read = check_document(document)
    yield from read.found
    if read.policy:
        yield from check_not_principals(read.policy)
        yield from _check_principals(read.policy)


def check_lifecycle(document: Document) -> Iterator[DocumentFinding]:
    """Check that no rule takes an image that may be deployed: one with a tag."""
    for index, rule in enumerate(_rules(document)):
        archives = _object(rule.get("action")).get("type") == "transition"
        for found in check_selection(_object(rule.get("selection")), archives=archives):
            yield DocumentFinding(found, f"rules[{index}].selection", "tagStatus")


def check_repository(repository: Repository) -> Iterator[DocumentFinding]:
    """Check the settings of a repository; one that only Terraform knows has no finding."""
    if repository.tag_mutability == "MUTABLE":
        found = finding(
            "mutable-tags",
            repository.name,
            "Whoever may push can put another image under a tag that is deployed.",
            'Write `image_tag_mutability = "IMMUTABLE"`, or deploy by digest.',
        )
        yield DocumentFinding(found, says="image_tag_mutability is not IMMUTABLE")
    if repository.scan_on_push is False:
        found = finding(
            "no-scan",
            repository.name,
            "Nobody hears of known holes in an image, unless the registry scans it.",
            "Write `image_scanning_configuration { scan_on_push = true }`.",
        )
        yield DocumentFinding(found, says="scan_on_push is not true")


def no_lifecycle(repository: Repository) -> DocumentFinding:
    """Return the finding about a repository whose images never expire."""
    found = finding(
        "no-lifecycle",
        repository.name,
        "Every push leaves the image before it behind, untagged, and nothing deletes it.",
        "Add a lifecycle policy that expires untagged images.",
    )
    return DocumentFinding(found, says="There is no aws_ecr_lifecycle_policy for it")


def _check_principals(policy: Policy) -> Iterator[DocumentFinding]:
    for statement in policy.statements:
        if statement.effect == "Allow":
            path = f"Statement[{statement.index}]"
            for principal in statement.principals or ():
                found = _check_principal(statement, principal)
                if found and principal.kind == "*":
                    yield DocumentFinding(found, path, "Principal")
                elif found:
                    yield DocumentFinding(found, f"{path}.Principal", principal.kind)


def _check_principal(statement: PolicyStatement, principal: Principal) -> Finding | None:
    if is_everybody(principal) and not asks_for(statement, names_owner):
        is_known = asks_for(statement, asks_for_secret_or_place)
        why = (
            "Whoever calls from there may do this with the repository, of any AWS account."
            if is_known
            else "Whoever has an AWS account may do this with the repository."
        )
        return finding(
            "open-repository",
            principal.value,
            why,
            "Name accounts or roles, or ask for `aws:PrincipalOrgID`.",
            severity="warning" if is_known else None,
        )
    if principal.kind == "Federated" or _is_session(principal.value):
        return finding(
            "session-principal",
            principal.value,
            "What a session is allowed here by its own name, no boundary of its role limits.",
            "Name the role: `arn:aws:iam::ACCOUNT:role/NAME`.",
        )
    return None


def _is_session(principal: str) -> bool:
    """Whether it names a session, of a role or of a federated user, of whatever account."""
    arn = Arn.parse(principal)
    if arn is None or arn.service != "sts" or arn.region:
        return False
    return arn.resource.startswith(("assumed-role/", "federated-user/"))


def _rules(document: Document) -> list[Mapping[str, object]]:
    content: object = document.content
    if isinstance(content, str):
        try:
            content = json.loads(content)
        except (ValueError, RecursionError):
            return []
    rules = _object(content).get("rules")
    listed = cast("list[object]", rules) if isinstance(rules, list) else []
    return [_object(rule) for rule in listed]


def _object(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}
