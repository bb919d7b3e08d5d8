"""The audit of an estate by all rules."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from deploy_access.acceptance import current_day
from deploy_access.activity import ACTIVITY
from deploy_access.audit.acceptance import Acceptances, accept_found
from deploy_access.audit.contradiction_rules import check_contradictions
from deploy_access.audit.documents import check_document, duplicate_key
from deploy_access.audit.finding import finding
from deploy_access.audit.limits import MOST_OF_ALL, limited, too_many
from deploy_access.audit.passed_roles import roles_by_arn
from deploy_access.audit.report_model import Audit, AuditSubject, DocumentFinding, PlacedFinding
from deploy_access.audit.repository_rules import (
    ECR_POLICIES,
    check_lifecycle,
    check_repository,
    check_repository_policy,
    no_lifecycle,
)
from deploy_access.audit.role_rules import audiences_of, check_role
from deploy_access.audit.token_reach import reached_roles
from deploy_access.github.issuer import GITHUB_HOST, RETIRED_HOST
from deploy_access.iam.arns import Arn
from deploy_access.terraform.estate import Where

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from deploy_access.audit.catalogue import Severity
    from deploy_access.audit.documents import Checked
    from deploy_access.terraform.estate import (
        Estate,
        IdentityProvider,
        Repository,
        ResourcePolicy,
        Role,
        Unread,
    )

    Hits = tuple[AuditSubject, Iterable[tuple[Where, DocumentFinding]]]

RANKS: Mapping[Severity, int] = {"error": 0, "warning": 1, "note": 2}
"""The order of severities, the worst first."""


def audit_estate(
    estate: Estate,
    accept: Mapping[str, str] | None = None,
    beside: Iterable[Role] = (),
    also: Iterable[Hits] = (),
    today: date | None = None,
) -> Audit:
    """
    Check *estate* by every rule.

    Args:
        estate: The estate.
        accept: Rule to reason, for the whole estate; the metadata of a resource add to it.
        beside: Roles of it that are looked at only where those of *estate* contradict them.
        also: What was found elsewhere, which is accepted and counted with the rest.
        today: The day on which acceptances count or are over; by default the current one.
    """
    acceptances = Acceptances(accept or {}, today or current_day())
    problems: list[Unread] = []
    placed: list[PlacedFinding] = []
    # Each is read once: in a large account most of the time is spent on them.
    trusts = [check_document(role.trust) if role.trust else None for role in estate.roles]
    of_estate = _subjects(estate, trusts, beside)
    for subject, hits in chain(of_estate, also, _of_problems(estate, problems)):
        ACTIVITY.what = f"checking {subject.name}"
        placed += accept_found(subject, limited(hits, subject.where), acceptances)
        if len(placed) > MOST_OF_ALL:
            everything = AuditSubject(name="everything", where=Where("all that was read"))
            found = too_many(MOST_OF_ALL, "findings")
            placed += accept_found(everything, [(everything.where, found)], acceptances)
            break
    placed += acceptances.unused()
    policies = sum(map(_is_by_itself, estate.roles))
    findings = tuple(sorted((p for p in placed if p.accepted is None), key=_order))
    read = zip(estate.roles, trusts, strict=True)
    roles = ((_role(one).name, one, trust) for one, trust in read if not _is_by_itself(one))
    return Audit(
        findings=findings,
        accepted=tuple(sorted((p for p in placed if p.accepted is not None), key=_order)),
        problems=tuple(problems),
        roles=len(estate.roles) - policies,
        policies=policies,
        reached=reached_roles(roles, findings) if estate.is_whole_account else None,
    )


def about_file(where: Where) -> str:
    """Return the subject of a finding about a file, which belongs to no role."""
    return f"file {where.file}"


def _order(placed: PlacedFinding) -> tuple[int, str, str, str, str]:
    rank = RANKS[placed.finding.severity]
    return (rank, placed.subject, str(placed.where), placed.path, placed.finding.rule)


def _subjects(
    estate: Estate, trusts: Sequence[Checked | None], beside: Iterable[Role]
) -> Iterator[Hits]:
    audiences, roles = audiences_of(estate), roles_by_arn(estate)
    contradicting = check_contradictions(estate.roles, trusts, beside)
    for index, role in enumerate(estate.roles):
        found = check_role(role, trusts[index], audiences, roles, estate.terraform_roles)
        yield _role(role), chain(found, contradicting.get(index, ()))
    for provider in estate.providers:
        subject = AuditSubject(
            name=f"provider {provider.url}", where=provider.where, accept=provider.accept
        )
        yield subject, [(provider.where, found) for found in _check_provider(provider)]
    yield from _repositories(estate)


def _role(role: Role) -> AuditSubject:
    account = f" ({role.account})" if role.account else ""
    kind = "policy" if _is_by_itself(role) else "role"
    return AuditSubject(name=f"{kind} {role.name}{account}", where=role.where, accept=role.accept)


def _is_by_itself(role: Role) -> bool:
    """Whether the role stands for a file with one policy by itself."""
    return role.trust is not None and role.path is None and not role.where.address


def _check_provider(provider: IdentityProvider) -> Iterator[DocumentFinding]:
    if provider.url.lower().partition("/")[0] == RETIRED_HOST:
        found = finding(
            "retired-issuer",
            provider.url,
            "This issuer was GitHub's in the beta of 2021 and signs no tokens any more.",
            f"Make a provider of `https://{GITHUB_HOST}`.",
        )
        yield DocumentFinding(found, "", "url")


def _repositories(estate: Estate) -> Iterator[Hits]:
    # A policy or a lifecycle may stand in another stack than its repository: the name joins them.
    made = {(r.account, r.name): r for r in estate.repositories}
    hits = {key: [(r.where, found) for found in check_repository(r)] for key, r in made.items()}
    others: list[Hits] = []
    for policy in estate.resource_policies:
        if policy.type in ECR_POLICIES:
            found = [(policy.document.where, f) for f in check_repository_policy(policy.document)]
            _sort_in(policy, found, hits, others)
    with_lifecycle: set[tuple[str | None, str]] = set()
    for policy in estate.lifecycles:
        with_lifecycle.add((policy.account, policy.resource))
        found = [(policy.document.where, f) for f in check_lifecycle(policy.document)]
        _sort_in(policy, found, hits, others)
    for key, repository in made.items():
        if key not in with_lifecycle:
            hits[key].append((repository.where, no_lifecycle(repository)))
        yield _repository(repository), hits[key]
    yield from others


def _sort_in(
    policy: ResourcePolicy,
    found: list[tuple[Where, DocumentFinding]],
    hits: Mapping[tuple[str | None, str], list[tuple[Where, DocumentFinding]]],
    others: list[Hits],
) -> None:
    """Add the findings to their repository, or to one that is made elsewhere."""
    key = (policy.account, policy.resource)
    if key in hits:
        hits[key].extend(found)
    else:
        others.append(
            (AuditSubject(name=f"repository {policy.resource}", where=policy.where), found)
        )


def _repository(repository: Repository) -> AuditSubject:
    return AuditSubject(
        name=f"repository {repository.name}", where=repository.where, accept=repository.accept
    )


def _of_problems(estate: Estate, left: list[Unread]) -> Iterator[Hits]:
    """Return the problems that are certain mistakes as findings; the others stay unread parts."""
    for problem in estate.problems:
        found = _of_problem(problem)
        if found is None:
            left.append(problem)
        else:
            subject = AuditSubject(name=about_file(problem.where), where=problem.where)
            yield subject, [(problem.where, found)]


def _of_problem(problem: Unread) -> DocumentFinding | None:
    if problem.kind == "duplicate-key":
        return DocumentFinding(duplicate_key(problem.given), says=f"{problem.given} stands twice")
    # The reader notes an ARN in place of a name; only a whole ARN of a role is surely that mistake.
    is_role = problem.where.address.endswith((".role", ".roles", ".role_name"))
    arn = Arn.parse(problem.given)
    if problem.kind == "malformed" and is_role and arn and arn.is_role:
        found = finding(
            "role-arn",
            problem.given,
            "IAM takes the name of a role here, so applying this fails.",
            "Write the role's name, for example `aws_iam_role.NAME.name`.",
        )
        return DocumentFinding(found, "", "role")
    return None
