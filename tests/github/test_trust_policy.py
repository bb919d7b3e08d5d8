"""The trust policy: whole policies, its laws, and AWS's grammar as cfn-lint knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judges import trust as cfn_lint
from strategies import subjects

from deploy_access.errors import InvalidValue
from deploy_access.github.owner import GithubOwner
from deploy_access.github.repository import GithubRepo
from deploy_access.github.subject import Subject
from deploy_access.github.trust_policy import trust_policy
from deploy_access.iam.references import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deploy_access.iam.statement import PolicyDocument, Statement

PREFIX = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::111122223333:oidc-provider/{PREFIX}"
WEB = GithubRepo("acme/web", owner_id=1, repo_id=2)
MOVING = GithubRepo("acme/api", owner_id=1, repo_id=3, subject_format="both")


def policy(*trusted: Subject, audiences: Sequence[str] = ("sts.amazonaws.com",)) -> PolicyDocument:
    """Build the policy for GitHub's own issuer."""
    return trust_policy(
        provider_arn=PROVIDER, condition_key_prefix=PREFIX, audiences=audiences, subjects=trusted
    )


def statement(sid: str, condition: Mapping[str, object]) -> dict[str, object]:
    """Write what all statements of a trust policy have in common."""
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Federated": PROVIDER},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
    }


AUD = {f"{PREFIX}:aud": "sts.amazonaws.com"}
SUB = f"{PREFIX}:sub"

POLICIES: dict[str, tuple[tuple[Subject, ...], list[dict[str, object]]]] = {
    "OneExact": (
        (WEB.environment("prod"),),
        [
            statement(
                "TrustExact",
                {"StringEquals": {**AUD, SUB: "repo:acme@1/web@2:environment:prod"}},
            )
        ],
    ),
    "OnePattern": (
        (WEB.tag_pattern("v*"),),
        [
            statement(
                "TrustPattern",
                {
                    "StringEquals": AUD,
                    "StringLike": {SUB: "repo:acme@1/web@2:ref:refs/tags/v*"},
                },
            )
        ],
    ),
    "ExactAndPattern": (
        (WEB.tag_pattern("v*"), WEB.branch("main"), WEB.branch("main"), WEB.anything()),
        [
            statement(
                "TrustExact",
                {"StringEquals": {**AUD, SUB: "repo:acme@1/web@2:ref:refs/heads/main"}},
            ),
            statement(
                "TrustPattern",
                {
                    "StringEquals": AUD,
                    "StringLike": {
                        SUB: ["repo:acme@1/web@2:*", "repo:acme@1/web@2:ref:refs/tags/v*"]
                    },
                },
            ),
        ],
    ),
    "TwoRepositoriesOneMoving": (
        (WEB.environment("prod"), MOVING.environment("prod")),
        [
            statement(
                "TrustExact",
                {
                    "StringEquals": {
                        **AUD,
                        SUB: [
                            "repo:acme/api:environment:prod",
                            "repo:acme@1/api@3:environment:prod",
                            "repo:acme@1/web@2:environment:prod",
                        ],
                    }
                },
            )
        ],
    ),
    "RequiringClaims": (
        (
            WEB.environment("prod").requiring(ref="refs/heads/main"),
            WEB.environment("stg").requiring(ref="refs/heads/dev"),
            WEB.tag_pattern("v*").requiring(ref="refs/heads/main", actor_id="7"),
            WEB.branch("main"),
        ),
        [
            statement(
                "TrustExact",
                {"StringEquals": {**AUD, SUB: "repo:acme@1/web@2:ref:refs/heads/main"}},
            ),
            statement(
                "TrustPatternRequiringActorIdRef",
                {
                    "StringEquals": {
                        f"{PREFIX}:actor_id": "7",
                        **AUD,
                        f"{PREFIX}:ref": "refs/heads/main",
                    },
                    "StringLike": {SUB: "repo:acme@1/web@2:ref:refs/tags/v*"},
                },
            ),
            statement(
                "TrustExactRequiringRef",
                {
                    "StringEquals": {
                        **AUD,
                        f"{PREFIX}:ref": "refs/heads/dev",
                        SUB: "repo:acme@1/web@2:environment:stg",
                    }
                },
            ),
            statement(
                "TrustExactRequiringRef2",
                {
                    "StringEquals": {
                        **AUD,
                        f"{PREFIX}:ref": "refs/heads/main",
                        SUB: "repo:acme@1/web@2:environment:prod",
                    }
                },
            ),
        ],
    ),
    "WholeOwner": (
        (GithubOwner("acme", owner_id=1).any_repo(),),
        [
            statement(
                "TrustPattern",
                {"StringEquals": AUD, "StringLike": {SUB: "repo:acme@1/*"}},
            )
        ],
    ),
    "Custom": (
        (Subject.custom("repository_owner_id:1:repository_id:2:environment:größe %3A"),),
        [
            statement(
                "TrustExact",
                {
                    "StringEquals": {
                        **AUD,
                        SUB: "repository_owner_id:1:repository_id:2:environment:größe %3A",
                    }
                },
            )
        ],
    ),
}


@pytest.mark.parametrize("name", POLICIES)
def test_whole_policies(name: str) -> None:
    """Each mix of subjects gives this policy and nothing besides."""
    trusted, statements = POLICIES[name]

    assert policy(*trusted).to_dict() == {"Version": "2012-10-17", "Statement": statements}


def test_another_issuer_has_its_own_condition_keys() -> None:
    """The keys begin with the issuer's host and path, and every audience is tested."""
    provider = "arn:aws-cn:iam::111122223333:oidc-provider/token.actions.x.ghe.com/x"
    document = trust_policy(
        provider_arn=provider,
        condition_key_prefix="token.actions.x.ghe.com/x",
        audiences=["sts.amazonaws.com.cn", "https://github.com/acme"],
        subjects=[WEB.branch("main").requiring(actor="a")],
    )

    assert document.to_dict() == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "TrustExactRequiringActor",
                "Effect": "Allow",
                "Principal": {"Federated": provider},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {
                    "StringEquals": {
                        "token.actions.x.ghe.com/x:actor": "a",
                        "token.actions.x.ghe.com/x:aud": [
                            "https://github.com/acme",
                            "sts.amazonaws.com.cn",
                        ],
                        "token.actions.x.ghe.com/x:sub": "repo:acme@1/web@2:ref:refs/heads/main",
                    }
                },
            }
        ],
    }


def test_nobody_trusted_is_refused() -> None:
    """A role that nobody can assume is a mistake, not a policy."""
    with pytest.raises(InvalidValue, match="at least one statement"):
        policy()


def test_no_audience_is_refused() -> None:
    """A trust policy always tests `aud`."""
    with pytest.raises(InvalidValue, match=r":aud'\]` of statement 'TrustExact' is empty"):
        policy(WEB.branch("main"), audiences=[])


def test_cfn_lint_accepts_every_kind() -> None:
    """AWS's grammar of trust policies has nothing against any kind of policy made here."""
    made = {name: policy(*trusted).to_dict() for name, (trusted, _) in POLICIES.items()}

    assert cfn_lint.findings(made) == {}


def test_cfn_lint_can_fail() -> None:
    """The judge is awake: it finds a misspelt operator, a resource, and a missing principal."""
    good = policy(WEB.branch("main")).to_dict()
    whole = statement("A", {"StringEquals": {SUB: "x"}})
    nobody = {key: value for key, value in whole.items() if key != "Principal"}
    broken = {
        "Operator": {**good, "Statement": [statement("A", {"StringEqual": {SUB: "x"}})]},
        "Resource": {**good, "Statement": [{**whole, "Resource": "*"}]},
        "Principal": {**good, "Statement": [nobody]},
    }

    found = cfn_lint.findings({**broken, "Good": good})

    assert sorted(found) == ["Operator", "Principal", "Resource"]


Triple = tuple[tuple[tuple[str, str], ...], str, str]


def triples(document: PolicyDocument) -> set[Triple]:
    """Say whom a policy trusts: required claims, operator and value of `sub`."""
    return {found for part in document.statements for found in _triples(part)}


def _triples(part: Statement) -> set[Triple]:
    required = tuple(
        (key, value)
        for key, values in sorted(part.conditions["StringEquals"].items())
        for value in values
        if key not in {SUB, f"{PREFIX}:aud"}
    )
    return {
        (required, operator, value)
        for operator, keys in part.conditions.items()
        for value in keys.get(SUB, ())
    }


@given(st.lists(subjects(), min_size=1, max_size=5))
def test_a_policy_trusts_what_each_subject_trusts(trusted: list[Subject]) -> None:
    """Adding a subject never changes whom the others let in: a policy is the union of its parts."""
    apart = set[Triple]().union(*(triples(policy(subject)) for subject in trusted))

    assert triples(policy(*trusted)) == apart


@given(
    st.lists(subjects(), min_size=1, max_size=5).flatmap(
        lambda found: st.tuples(st.just(found), st.permutations(found))
    )
)
def test_the_order_of_subjects_does_not_matter(
    orders: tuple[list[Subject], list[Subject]],
) -> None:
    """The same subjects in another order, or twice, give the same bytes."""
    first, second = orders

    assert policy(*first).to_json() == policy(*second, *first).to_json()


@given(st.lists(subjects(), min_size=1, max_size=5))
def test_every_statement_tests_aud_and_sub(trusted: list[Subject]) -> None:
    """`aud` is exact; `sub` is compared once, patterns apart from exact values."""
    for part in policy(*trusted).statements:
        operators = set(part.conditions)
        assert operators in ({"StringEquals"}, {"StringEquals", "StringLike"})
        assert part.conditions["StringEquals"][f"{PREFIX}:aud"] == ("sts.amazonaws.com",)
        assert [op for op in operators if SUB in part.conditions[op]] == [max(operators)]
        assert part.conditions[max(operators)][SUB]
        assert part.actions == ["sts:AssumeRoleWithWebIdentity"]
        assert part.principals == {"Federated": [PROVIDER]}


@given(st.lists(subjects(), min_size=1, max_size=5))
def test_wildcards_stand_under_string_like_only(trusted: list[Subject]) -> None:
    """Under `StringEquals` a wildcard matches nothing; under `StringLike` an exact value hides."""
    for _, operator, value in triples(policy(*trusted)):
        assert (operator == "StringLike") is has_wildcard(value)


@given(st.lists(subjects(), min_size=1, max_size=5))
def test_size_is_the_length_of_the_text_without_white_space(trusted: list[Subject]) -> None:
    """The size that a validation compares with AWS's quota is that of the emitted text."""
    document = policy(*trusted)

    assert document.size == len("".join(document.to_json().split()))
