"""Every rule of the audit, by its id; docs/rules.md has a row for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Severity = Literal["error", "warning", "note"]
Confidence = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """
    A rule.

    Attributes:
        id: Kebab-case, never reused.
        severity: The severity of its findings, unless a finding has its own.
        confidence: How certain its findings are; not *high* where it depends on facts in no file.
        summary: The rule as a sentence.
    """

    id: str
    severity: Severity
    confidence: Confidence
    summary: str


# Users write the ids into `accept`, and search for them: an id is never renamed or reused.
_SUBJECTS: tuple[tuple[str, Severity, Confidence, str], ...] = (
    ("any-environment", "error", "high", "A subject matches every environment."),
    ("any-tag", "error", "high", "A subject matches tags that anybody can make."),
    ("bad-environment", "error", "high", "A subject has an environment that no token carries."),
    ("bad-ref", "error", "high", "A subject or a claim has a form that no token carries."),
    ("branch-glob", "error", "high", "A subject matches branches that anybody can make."),
    ("environment-glob", "error", "high", "A subject matches environments that a job can make."),
    ("id-wildcard", "error", "high", "A subject has a wildcard where the ids stand."),
    ("loose-job-workflow-ref", "error", "high", "A trusted workflow can be changed on a branch."),
    ("org-wide", "error", "high", "Every repository of an owner is trusted."),
    ("prefix-no-slash", "error", "high", "Owners with a similar name are trusted."),
    ("pull-request-write", "error", "medium", "Pull requests are trusted to write."),
    ("repo-prefix", "error", "high", "Repositories with a similar name are trusted."),
    ("repo-wide", "error", "high", "Everything in a repository is trusted."),
    ("star-equals", "error", "high", "A wildcard is compared as an ordinary character."),
    ("star-sub", "error", "high", "Everybody's repositories are trusted."),
)
_TRUST: tuple[tuple[str, Severity, Confidence, str], ...] = (
    ("contradicting-ids", "error", "medium", "Roles disagree about an id on GitHub."),
    ("custom-template", "note", "medium", "A subject is of a template that is not GitHub's own."),
    ("dup-key", "error", "high", "A key stands twice in one object; only the last one counts."),
    ("env-unprotected", "note", "low", "An environment is trusted that may be unprotected."),
    ("for-all-values", "error", "high", "A condition is met when the token lacks the claim."),
    ("former-name", "note", "high", "A repository is trusted under a name that it had before."),
    ("if-exists", "error", "high", "A condition is met when the token lacks the claim."),
    ("ignore-case", "error", "high", "Letter case is ignored where it tells refs apart."),
    ("legacy-name", "note", "high", "A subject trusts names that can change hands."),
    ("letter-case", "warning", "high", "A name on GitHub is written in two letter cases."),
    ("loose-aud", "warning", "high", "More than one audience is accepted."),
    ("loose-claim", "note", "high", "A claim beside the subject is compared with a pattern."),
    ("malformed-policy", "warning", "high", "IAM refuses the document, or reads it otherwise."),
    ("no-aud", "warning", "high", "Nothing says which audience a token must have."),
    ("not-principal", "error", "high", "Everybody is let in except those who are listed."),
    ("no-sub", "error", "high", "Nothing says whose tokens are trusted."),
    ("open-role", "error", "high", "Any AWS account may assume the role."),
    ("other-account", "warning", "medium", "Every principal of another account is trusted."),
    ("own-account", "note", "high", "Every principal of the role's own account is trusted."),
    ("people", "note", "high", "People may assume the role beside its workflows."),
    ("retired-issuer", "error", "high", "The issuer signs no tokens any more."),
    ("shared-issuer", "error", "medium", "IAM takes no such trust policy for a shared issuer."),
    ("tag-session", "warning", "high", "Session tags are allowed, which OIDC does not need."),
    ("user-claim", "warning", "medium", "Trust hangs on a claim that whoever runs the job sets."),
    ("wrong-action", "error", "high", "The action is not the one that OIDC calls."),
    ("wrong-aud", "error", "high", "The provider accepts no token with this audience."),
    ("wrong-key", "error", "high", "AWS has no such condition key here."),
    ("wrong-principal", "error", "high", "The principal is not exactly the OIDC provider."),
)
_PERMISSIONS: tuple[tuple[str, Severity, Confidence, str], ...] = (
    ("assume-onwards", "warning", "medium", "The role can become another role."),
    ("cluster-host", "warning", "high", "The role's own machines can join a cluster."),
    ("ecs-exec", "warning", "high", "The role can type commands into containers that are up."),
    ("far-reaching", "error", "high", "An action that reaches far is on every resource."),
    ("full-access-policy", "error", "high", "A managed policy allows a whole service."),
    ("no-cluster", "error", "high", "The ARN of an ECS service lacks its cluster."),
    ("not-action", "error", "high", "Everything is allowed except what is listed."),
    ("pass-role-service", "error", "high", "A role may be passed to any service."),
    ("pass-role-star", "error", "high", "Any role may be passed."),
    ("permissions-management", "error", "high", "The role can give permissions."),
    ("resource-star", "error", "high", "An action is allowed on every resource."),
    ("runs-as-build", "note", "high", "The role runs commands as a build project's role."),
    ("runs-as-function", "note", "high", "The role runs code as a function's role."),
    ("runs-as-job", "note", "high", "The role runs code as the role of a job."),
    ("runs-as-stack", "note", "high", "The role makes what it likes as a stack's role."),
    ("runs-as-task", "note", "high", "The role runs code as the role of a task."),
    ("runs-on-instance", "note", "high", "The role runs commands on machines."),
    ("role-arn", "error", "high", "A policy is attached to an ARN; IAM takes a name."),
    ("service-wildcard", "error", "high", "Every action of a service is allowed."),
)
_RESOURCES: tuple[tuple[str, Severity, Confidence, str], ...] = (
    ("expires-tagged", "warning", "medium", "Images that are deployed can expire."),
    ("mutable-tags", "note", "high", "A tag can be moved to another image."),
    ("no-lifecycle", "note", "medium", "Nothing is ever deleted from a repository."),
    ("no-scan", "note", "medium", "Images are not scanned when they are pushed."),
    ("open-repository", "error", "high", "Everybody may use a repository."),
    ("session-principal", "warning", "high", "A repository's policy names a session."),
)
_WORKFLOWS: tuple[tuple[str, Severity, Confidence, str], ...] = (
    ("build-not-pushed", "warning", "medium", "A job builds an image and pushes it nowhere."),
    ("closed-unmerged", "warning", "high", "A pull request that is not merged starts a deploy."),
    ("missing-environment", "error", "medium", "A job lacks the environment that its role wants."),
    ("no-id-token", "error", "high", "A job that signs in may not ask for a token."),
    ("pull-request-code", "error", "medium", "A job runs unreviewed code as a role that writes."),
    ("session-length", "error", "high", "A job asks for a session that its role does not give."),
    ("sign-in-refused", "error", "medium", "The role that a job asks for does not let it in."),
    ("single-brace", "error", "high", "An expression has one brace, so nothing is filled in."),
    ("stored-keys", "warning", "high", "A job uses a stored key in place of its token."),
    ("unknown-role", "error", "medium", "A job asks for a role that was not read."),
)
_ACCEPTANCES: tuple[tuple[str, Severity, Confidence, str], ...] = (
    ("too-many", "error", "high", "So much is wrong that the rest was not checked."),
    ("unused-acceptance", "warning", "high", "Something is accepted that nothing finds."),
)
CATALOGUE: Mapping[str, Rule] = {
    id_: Rule(id=id_, severity=severity, confidence=confidence, summary=summary)
    for id_, severity, confidence, summary in sorted(
        (*_SUBJECTS, *_TRUST, *_PERMISSIONS, *_RESOURCES, *_WORKFLOWS, *_ACCEPTANCES)
    )
}
"""Every rule, sorted by its id."""
SUBJECT_RULES = frozenset(row[0] for row in _SUBJECTS)
"""The rules about subjects."""
PERMISSION_RULES = frozenset(row[0] for row in _PERMISSIONS)
"""The rules about permissions."""
WORKFLOW_RULES = frozenset(row[0] for row in _WORKFLOWS)
"""The rules about the jobs that ask for the roles."""
REPOSITORY_RULES = frozenset(row[0] for row in _RESOURCES)
"""The rules about repositories of images."""
RULES = frozenset(CATALOGUE) - {"unused-acceptance"}
"""Every rule that can be accepted; constructs check their `accept` against it."""
