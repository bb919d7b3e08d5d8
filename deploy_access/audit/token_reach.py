"""
Who reaches what: the roles that tokens of OIDC providers may assume, and what they may do.

It is the summary of a whole account. `Deny` statements and boundaries are not taken off what a role
may do, as in the rules of the audit: what is listed is the most that its policies allow.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from deploy_access.access_diff.condition_text import phrases
from deploy_access.audit.documents import check_document
from deploy_access.audit.limits import MOST
from deploy_access.audit.report_model import ReachedRole, TokenCaller
from deploy_access.github.oidc_trust import is_about_tokens
from deploy_access.github.trusted_subject import named_subjects
from deploy_access.iam.access_level import LEVELS, TAKES_OVER
from deploy_access.iam.actions import actions_matching, all_but, by_level, is_everything, spelled
from deploy_access.iam.arns import Arn
from deploy_access.iam.aws_managed_policies import is_whole, least_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deploy_access.audit.documents import Checked
    from deploy_access.audit.report_model import PlacedFinding
    from deploy_access.github.oidc_trust import OidcStatement
    from deploy_access.github.trusted_subject import TrustedSubject
    from deploy_access.iam.access_level import Level
    from deploy_access.iam.policy import Policy, PolicyStatement
    from deploy_access.terraform.estate import NamedPolicy, Role

EVERYTHING = "everything"
"""What stands in place of a service where all of them are allowed."""


def reached_roles(
    roles: Iterable[tuple[str, Role, Checked | None]], findings: Iterable[PlacedFinding]
) -> tuple[ReachedRole, ...]:
    """
    List the roles that tokens may assume, those with the worst findings first.

    Args:
        roles: The roles, each with the subject that its findings have and its trust policy.
        findings: The findings that are not accepted, the worst first.
    """
    of_subject: defaultdict[str, list[PlacedFinding]] = defaultdict(list)
    for placed in findings:
        of_subject[placed.subject].append(placed)
    found = [
        _reached(role, callers, of_subject.get(subject, []))
        for subject, role, trust in roles
        if (callers := _callers(trust)) is not None
    ]
    return tuple(sorted(found, key=_order))


def _order(role: ReachedRole) -> tuple[object, ...]:
    counts = [-role.severities.get(one, 0) for one in ("error", "warning", "note")]
    return (*counts, role.account or "", role.name)


def _reached(role: Role, by: tuple[TokenCaller, ...], findings: list[PlacedFinding]) -> ReachedRole:
    may, gives, unread = _permissions(role.policies)
    return ReachedRole(
        name=role.name,
        account=role.account,
        by=by,
        may=may,
        gives=gives,
        unread=unread,
        severities=Counter(placed.finding.severity for placed in findings),
        rules=tuple(dict.fromkeys(placed.finding.rule for placed in findings)),
    )


def _callers(trust: Checked | None) -> tuple[TokenCaller, ...] | None:
    """Return whose tokens a role lets in; None where it certainly lets in none."""
    policy = trust.policy if trust else None
    if trust is None or policy is None:
        return ()  # Without a known trust policy a token may reach it.
    named = [*islice(named_subjects(policy, trust.oidc), MOST + 1)]
    callers = [_caller(subject) for subject in named[:MOST] if subject.is_possible]
    # Of a list without end the rest is not looked at, and may be anybody.
    others = map(_caller, named[MOST:])
    callers += [replace(one, subject="*", is_certain=False) for one in others]
    return tuple(dict.fromkeys([*callers, *_of_built_in(policy, trust.oidc)])) or None


def _caller(subject: TrustedSubject) -> TokenCaller:
    prefix = subject.statement.prefix
    asked = [one for one in subject.conditions if one.key.lower() != f"{prefix}:aud".lower()]
    return TokenCaller(
        issuer=prefix,
        subject=subject.value,
        conditions=tuple(phrases(asked, prefix)),
        is_certain=not subject.is_undecided,
    )


def _of_built_in(policy: Policy, oidc: Iterable[OidcStatement]) -> Iterator[TokenCaller]:
    """List the issuers that IAM knows by their host alone, such as Cognito."""
    read = {one.statement.index for one in oidc}
    for statement in policy.statements:
        if statement.effect != "Allow" or statement.index in read or not is_about_tokens(statement):
            continue
        for principal in statement.principals or ():
            arn = Arn.parse(principal.value)
            if principal.kind == "Federated" and not (arn and arn.is_iam("saml-provider")):
                conditions = tuple(phrases(statement.conditions))
                yield TokenCaller(issuer=principal.value, subject="*", conditions=conditions)


def _permissions(
    policies: Iterable[NamedPolicy],
) -> tuple[Mapping[Level, tuple[str, ...]], tuple[str, ...], tuple[str, ...]]:
    """Return the services by level, the actions that give access, and what is not known."""
    worst: dict[str, int] = {}
    gives: set[str] = set()
    unread: list[str] = []
    for policy in policies:
        statements, is_known = _statements(policy)
        if not is_known:
            unread.append(policy.name)
        for statement in statements:
            if statement.effect == "Allow":
                levels, more = _of_statement(statement.actions, statement.not_actions)
                gives |= more
                for service, rank in levels:
                    worst[service] = min(rank, worst.get(service, rank))
    may: defaultdict[Level, list[str]] = defaultdict(list)
    for service, rank in sorted(worst.items()):
        if service == EVERYTHING or worst.get(EVERYTHING, len(LEVELS)) > rank:
            may[LEVELS[rank]].append(service)
    found: Mapping[Level, tuple[str, ...]] = {one: tuple(may[one]) for one in LEVELS if one in may}
    return found, tuple(sorted(gives)), tuple(unread)


def _statements(policy: NamedPolicy) -> tuple[tuple[PolicyStatement, ...], bool]:
    """Return the statements of a policy, and whether these are all."""
    if policy.document is None:
        least = least_of(policy.arn or "")
        return least.statements if least else (), is_whole(policy.arn or "")
    read = check_document(policy.document).policy
    return (read.statements, not policy.document.left_out) if read else ((), False)


@lru_cache(maxsize=4096)  # the policies of an account have few lists of actions
def _of_statement(
    actions: tuple[str, ...] | None, not_actions: tuple[str, ...] | None
) -> tuple[tuple[tuple[str, int], ...], frozenset[str]]:
    """Return the most dangerous level of each service, and the actions that give access."""
    if actions is None or any(map(is_everything, actions)):
        left = all_but(frozenset[str]().union(*map(actions_matching, not_actions or ())))
        name = EVERYTHING if not not_actions else f"all but {', '.join(not_actions)}"
        return ((name, _rank(left)),), frozenset(map(spelled, left & TAKES_OVER))
    meant = frozenset[str]().union(*map(actions_matching, actions))
    services: defaultdict[str, set[str]] = defaultdict(set)
    for action in meant - TAKES_OVER:
        services[action.partition(":")[0]].add(action)
    ranks = ((service, _rank(frozenset(found))) for service, found in services.items())
    return tuple(ranks), frozenset(map(spelled, meant & TAKES_OVER))


def _rank(actions: frozenset[str]) -> int:
    return min((LEVELS.index(level) for level in by_level(actions)), default=len(LEVELS) - 1)
