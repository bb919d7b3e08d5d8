"""Checks of a role's arguments: limits of single values, and contradictions between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from constructs_lib.duplicate_resources import find_referred
from deploy_access.errors import Problem
from deploy_access.github.enterprise_server import check_server
from deploy_access.github.repository import GithubRepo
from deploy_access.github.shared_issuer import required_keys
from deploy_access.github.subject import Subject
from deploy_access.github.subject_text import describe_subject
from deploy_access.iam import limits
from deploy_access.iam.arns import Arn
from deploy_access.iam.managed_policy_names import check_managed_policy
from deploy_access.iam.people import TrustedRole, check_person

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from constructs_lib.aws_target import AwsTarget
    from deploy_access.github.issuer import Issuer
    from deploy_access.iam.statement import Statement


def check_role(
    name: str,
    path: str,
    description: str | None,
    max_session_duration: int,
    tags: Mapping[str, str] | None,
) -> Iterator[Problem]:
    """Check the single values of a role."""
    yield from limits.check_role_name(name)
    yield from limits.check_path(path)
    yield from limits.check_session(max_session_duration)
    yield from limits.check_description(description or "")
    yield from limits.check_tags(tags)


def check_policies(boundary: str | None, managed: Sequence[str]) -> Iterator[Problem]:
    """Check the policies that are given by their ARN."""
    if boundary is not None:
        yield from limits.check_policy_arn("permissions_boundary", boundary)
    yield from limits.check_many("managed_policies", managed, empty=True)
    if not isinstance(managed, str):
        for arn in managed:
            yield from check_managed_policy(arn)


def check_policies_of(
    target: AwsTarget, boundary: str | None, managed: Sequence[str]
) -> Iterator[Problem]:
    """Check that policies are of the partition and the account that the role is in, or AWS's."""
    for arn in (*managed, *([] if boundary is None else [boundary])):
        parsed = Arn.parse(arn)
        if parsed is None or limits.is_reference(arn):
            continue
        if problems := [*target.check_partition(arn)]:
            yield from problems
        elif parsed.account not in {"aws", target.account} and target.literal:
            yield Problem(
                what=f"The policy is of another account than the role, which is in "
                f"{target.account}.",
                given=arn,
                why="IAM attaches policies of the role's own account, and those of AWS.",
                fix="Make the policy in that account, and pass its ARN there.",
            )


def check_subjects(
    subjects: object, issuer: Issuer, keyword: str = "subjects"
) -> Iterator[Problem]:
    """Check that *subjects* is a list with entries, and that they are of *issuer*."""
    # A `str` is a sequence as well, and type checkers do not see it.
    if isinstance(subjects, str) or not isinstance(subjects, Sequence):
        yield Problem(
            what=f"`{keyword}` is a list of subjects.",
            given=subjects,
            why="One that is not in a list would be read letter by letter, or not at all.",
            fix=f"Write `{keyword}=[{_as_subject(subjects)}]`.",
        )
        return
    entries = list(cast("Sequence[object]", subjects))
    if not entries:
        yield Problem(
            what=f"`{keyword}` names at least one.",
            given=entries,
            why="A role that trusts nobody cannot be assumed, and one without a condition trusts "
            "everybody.",
            fix='For example [GithubRepo("acme/web", owner_id=1, repo_id=2).environment("prod")].',
        )
    for entry in entries:
        if not isinstance(entry, Subject):
            yield _no_subject(entry, keyword)
        elif entry.repository is not None and not issuer.is_github:
            yield _other_issuer(entry.repository, issuer.url)
    yield from check_server([one for one in entries if isinstance(one, Subject)], issuer)


def _no_subject(given: object, keyword: str) -> Problem:
    return Problem(
        what=f"An entry of `{keyword}` is a subject.",
        given=given,
        why="A text does not say whether it is one value or a pattern, and a repository does not "
        "say which of its runs are trusted.",
        fix=f"Write `{_as_subject(given)}`, or `Subject.custom(...)` for another issuer's `sub`.",
    )


def _as_subject(given: object) -> str:
    """Return the code of the subject that *given* stands for, as far as that is clear."""
    if isinstance(given, GithubRepo):
        given = next(iter(given.branch("main").exact), None)
    if isinstance(given, Subject):
        given = next(iter((*given.exact, *given.patterns)), None)
    # The beginning is what people leave out.
    call = describe_subject(given) or describe_subject(f"repo:{given}")
    return call or "GithubRepo('acme/web', owner_id=1, repo_id=2).branch('main')"


def check_people(roles: Sequence[str | TrustedRole], users: Sequence[str]) -> Iterator[Problem]:
    """Check the ARNs of people; a `TrustedRole` has checked its own."""
    for role in roles:
        if isinstance(role, str):
            yield from check_person("role", role)
    for user in users:
        yield from check_person("user", user)
    arns = [role if isinstance(role, str) else role.arn for role in roles]
    yield from limits.check_many("trusted_roles", arns, empty=True)
    yield from limits.check_many("trusted_users", users, empty=True)


def check_partition_of(target: AwsTarget, people: Sequence[Statement]) -> Iterator[Problem]:
    """Check that people are of the role's own partition."""
    for statement in people:
        for arn in (statement.principals or {}).get("AWS", ()):
            yield from target.check_partition(arn)


def check_audience(audience: str | None, known: Sequence[str]) -> Iterator[Problem]:
    """Check that a role takes one audience, and that its provider takes it too."""
    if audience is None and len(known) > 1:
        yield Problem(
            what="The OIDC provider takes several audiences; a role names the one of its tokens.",
            given=list(known),
            why="With all of them a token that was made for another service is taken too.",
            fix=f"For example audience={known[0]!r}.",
        )
    elif audience is not None and audience not in known:
        yield Problem(
            what="`audience` is one of those that the OIDC provider takes.",
            given=audience,
            why="STS refuses a token with any other, so the role could not be assumed.",
            fix=f"Use one of {', '.join(map(repr, known))}, or add it to the provider's "
            "`audiences`.",
        )


def check_shared_issuer(subjects: Sequence[Subject], issuer: Issuer) -> Iterator[Problem]:
    """Check that IAM takes the subjects, where organizations share the issuer."""
    keys = required_keys(issuer.condition_key_prefix)
    claims = {key.rpartition(":")[2] for key in keys}
    for subject in subjects:
        if "sub" in claims and claims.isdisjoint({*subject.requires, *subject.requires_like}):
            yield from (_not_taken(v, keys) for v in subject.patterns if set(v) <= {"*", "?"})


def check_statements(statements: Sequence[Statement]) -> Iterator[Problem]:
    """Check that no statement names a principal, as in a trust or resource policy."""
    for statement in statements:
        if statement.principals is not None:
            yield Problem(
                what=f"Statement {statement.sid!r} names a principal.",
                given=statement.principals,
                why="A role's policy says what the role may do; IAM refuses a principal in it.",
                fix="Leave `principals` out, and say who may assume the role with `subjects`.",
            )


def check_earlier_names(name: str, target: AwsTarget) -> Iterator[Problem]:
    """Check that the role was not given permissions by name before its trust was known."""
    earlier = find_referred("role", name, target)
    if earlier is not None:
        yield Problem(
            what=f"Role {name!r} is made after {earlier.node.path!r} has named it with "
            "`from_name`.",
            given=name,
            why="What was given to it there could not be ordered after it, nor checked against "
            "whom it trusts.",
            fix="Make the role first, or pass the role itself in place of its name.",
        )


def other_account(name: str, role: AwsTarget, provider: AwsTarget) -> Problem:
    """Return the problem that role and provider are in two accounts."""
    return Problem(
        what=f"Role {name!r} is in account {role.account}, its OIDC provider in another.",
        given=provider.account,
        why="A trust policy reads tokens through a provider of its own account only.",
        fix="Use `OidcProvider.from_account` in the stack of the role.",
    )


def not_an_arn(arn: str) -> Problem:
    """Return the problem that *arn* is not the ARN of a role."""
    return Problem(
        what="`arn` is that of a role, as text.",
        given=arn,
        why="Name, path and account are read from it, and policies are built from them.",
        fix="For example 'arn:aws:iam::111122223333:role/web-prod-deploy', or use `from_name`.",
    )


def _other_issuer(repository: str, issuer: str) -> Problem:
    """Return the problem that a subject of GitHub is trusted through another issuer."""
    return Problem(
        what="A subject of GitHub is trusted through another issuer.",
        given=repository,
        why=f"{issuer} signs tokens with a `sub` of its own form, so this one never matches.",
        fix="Use `Subject.custom` with a `sub` of that issuer.",
    )


def _not_taken(pattern: str, keys: Sequence[str]) -> Problem:
    """Return the problem that IAM refuses a pattern of wildcards alone."""
    return Problem(
        what="IAM makes no role for a shared issuer that trusts every `sub`, accepted or not.",
        given=pattern,
        why=f"Its trust policy must test {' or '.join(keys)} by more than wildcards.",
        fix="Begin the pattern with what is yours, or require `job_workflow_ref` at GitHub.",
    )
