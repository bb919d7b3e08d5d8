"""How identity policies, a boundary and a resource's policy decide together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from deploy_access.iam.access import AccessRequest, evaluate_access
from deploy_access.iam.context import Context
from deploy_access.iam.decision import Verdict
from deploy_access.iam.documents import read_policy
from deploy_access.iam.outcome import Outcome

if TYPE_CHECKING:
    from deploy_access.iam.policy import Policy

ACCOUNT, OTHER = "111122223333", "444455556666"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/team/deploy"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/run"
REPOSITORY = "arn:aws:ecr:eu-central-1:{}:repository/web"
ALLOWED, DENIED, UNKNOWN = Verdict.ALLOWED, Verdict.DENIED_IMPLICITLY, Verdict.UNKNOWN
EXPLICITLY = Verdict.DENIED_EXPLICITLY


def policy(effect: str = "Allow", **elements: Any) -> Policy:
    """Write a policy of one statement about every action."""
    statement = {"Effect": effect, "Action": "*", "Resource": "*", **elements}
    return read_policy({"Version": "2012-10-17", "Statement": statement}).policy


def ask(
    *identity: Policy,
    of: str = ACCOUNT,
    boundary: Policy | None = None,
    session: tuple[Policy, ...] = (),
    resource_policy: Policy | None = None,
    **request: Any,
) -> Verdict:
    """Ask for an image of a repository in the account *of*."""
    asked: dict[str, Any] = {"role_arn": ROLE, "session_name": "run", "action": "ecr:BatchGetImage"}
    asked["resource"] = REPOSITORY.format(of)
    return evaluate_access(
        AccessRequest(**{**asked, **request}),
        identity=identity,
        boundary=boundary,
        session=session,
        resource_policy=resource_policy,
    ).verdict


NOTHING = policy(Action="s3:*")
ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}


@pytest.mark.parametrize(
    ("principal", "alone", "outside_boundary", "with_identity", "across"),
    [
        pytest.param({"AWS": SESSION}, ALLOWED, ALLOWED, ALLOWED, ALLOWED, id="session"),
        pytest.param({"AWS": ROLE}, ALLOWED, DENIED, ALLOWED, ALLOWED, id="role"),
        pytest.param(ROOT, DENIED, DENIED, ALLOWED, ALLOWED, id="account ARN"),
        pytest.param({"AWS": ACCOUNT}, DENIED, DENIED, ALLOWED, ALLOWED, id="account"),
        pytest.param("*", ALLOWED, ALLOWED, ALLOWED, ALLOWED, id="everybody"),
        pytest.param({"AWS": "*"}, ALLOWED, ALLOWED, ALLOWED, ALLOWED, id="every AWS principal"),
        pytest.param({"AWS": f"{ROLE}x"}, DENIED, DENIED, ALLOWED, DENIED, id="other role"),
        pytest.param({"AWS": OTHER}, DENIED, DENIED, ALLOWED, DENIED, id="other account"),
        pytest.param({"Service": "x"}, DENIED, DENIED, ALLOWED, DENIED, id="service"),
    ],
)
def test_resource_policy(
    principal: object,
    alone: Verdict,
    outside_boundary: Verdict,
    with_identity: Verdict,
    across: Verdict,
) -> None:
    """How directly a resource's policy names the session decides what else is needed."""
    shared = policy(Principal=principal)

    assert ask(resource_policy=shared) is alone
    assert ask(resource_policy=shared, boundary=NOTHING) is outside_boundary
    assert ask(policy(), resource_policy=shared) is with_identity
    assert ask(resource_policy=shared, of=OTHER) is DENIED
    assert ask(policy(), resource_policy=shared, of=OTHER) is across
    assert ask(policy(), resource_policy=shared, of=OTHER, boundary=NOTHING) is DENIED


def test_identity_policies_are_enough_within_an_account() -> None:
    """One statement of one policy allows; across accounts the other side must as well."""
    assert ask(NOTHING, policy()) is ALLOWED
    assert ask(NOTHING) is DENIED
    assert ask() is DENIED
    assert ask(policy(), of=OTHER) is DENIED


@pytest.mark.parametrize(
    ("principal", "limited"),
    [
        pytest.param({"AWS": SESSION}, ALLOWED, id="session"),
        pytest.param({"AWS": ROLE}, DENIED, id="role"),
        pytest.param(ROOT, DENIED, id="account"),
    ],
)
def test_session_policies_limit(principal: object, limited: Verdict) -> None:
    """A session may do what both sides allow, unless a resource's policy names the session."""
    shared = policy(Principal=principal)

    assert ask(policy(), session=(NOTHING,)) is DENIED
    assert ask(session=(policy(),)) is DENIED
    assert ask(policy(), session=(NOTHING, policy(Action="ecr:*"))) is ALLOWED
    assert ask(policy(), session=(policy(), policy("Deny"))) is EXPLICITLY
    assert ask(policy(), session=(policy(),), boundary=NOTHING) is DENIED
    assert ask(policy(), session=(NOTHING,), resource_policy=shared) is limited


def test_a_boundary_limits() -> None:
    """What a boundary does not allow is denied, and what it denies is denied explicitly."""
    assert ask(policy(), boundary=policy(Action="ecr:*")) is ALLOWED
    assert ask(policy(), boundary=NOTHING) is DENIED
    assert ask(policy(), boundary=policy("Deny")) is EXPLICITLY


def test_a_denial_overrides_from_everywhere() -> None:
    """`Deny` decides in an identity policy and in the resource's policy."""
    assert ask(policy(), policy("Deny", Action="ecr:Batch*")) is EXPLICITLY
    assert ask(policy(), resource_policy=policy("Deny", Principal=ROOT)) is EXPLICITLY
    assert ask(policy(), policy("Deny", NotAction="ecr:*")) is ALLOWED
    assert ask(policy(), policy("Deny", NotResource=REPOSITORY.format("*"))) is ALLOWED


def test_not_principal() -> None:
    """`NotPrincipal` spares whom it names, except those with a permissions boundary."""
    spared = policy("Deny", NotPrincipal={"AWS": [ROLE, ACCOUNT]})
    others = policy("Deny", NotPrincipal={"AWS": f"{ROLE}x"})

    assert ask(policy(), resource_policy=spared) is ALLOWED
    assert ask(policy(), resource_policy=others) is EXPLICITLY
    assert ask(policy(), resource_policy=spared, boundary=policy()) is EXPLICITLY


def test_a_key_and_a_role_have_policies_of_their_own() -> None:
    """For KMS keys and roles, identity policies count only if the account is allowed there."""
    key: dict[str, Any] = {
        "action": "kms:Decrypt",
        "resource": f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/1",
    }

    assert ask(policy(), **key) is UNKNOWN
    assert ask(policy(), resource_policy=policy(Principal=ROOT), **key) is ALLOWED
    assert ask(resource_policy=policy(Principal=ROOT), **key) is DENIED
    assert ask(policy(), resource_policy=policy(Principal={"AWS": OTHER}), **key) is DENIED
    assert ask(resource_policy=policy(Principal={"AWS": ROLE}), **key) is ALLOWED


def test_a_session_nobody_has_named_may_be_any() -> None:
    """Whether a policy names the session is unknown as long as the session has no name."""
    shared = policy(Principal={"AWS": SESSION})

    assert ask(resource_policy=shared, session_name=None) is UNKNOWN
    assert ask(resource_policy=policy(Principal={"AWS": ROLE}), session_name=None) is ALLOWED


def test_references_leave_open_what_depends_on_them() -> None:
    """A reference equals itself; another one, or an ARN, may or may not be the same."""
    mine = "${aws_ecr_repository.web.arn}"
    other = policy(Resource="${aws_ecr_repository.api.arn}")

    assert ask(policy(Resource=mine), resource=mine, resource_account=ACCOUNT) is ALLOWED
    assert ask(other, resource=mine, resource_account=ACCOUNT) is UNKNOWN
    assert ask(policy(), policy("Deny", Resource=mine)) is UNKNOWN
    assert ask(policy(Resource="arn:aws:s3:::${var.bucket}")) is DENIED


def test_an_account_that_a_reference_hides_is_unknown() -> None:
    """Without the accounts it is open whether the resource's policy is needed."""
    role = "${aws_iam_role.deploy.arn}"

    assert ask(policy(), role_arn=role) is UNKNOWN
    assert ask(policy(), role_arn=role, account=ACCOUNT) is ALLOWED
    assert ask(policy(), resource="${aws_ecr_repository.web.arn}") is UNKNOWN
    assert ask(resource_policy=policy(Principal={"AWS": role}), role_arn=role) is UNKNOWN


def test_a_decision_shows_every_statement() -> None:
    """Each statement says what it matched, with one check a condition."""
    identity = policy(Condition={"StringEquals": {"aws:RequestedRegion": "eu-central-1"}})
    request = AccessRequest(
        role_arn=ROLE,
        action="ecr:PutImage",
        resource=REPOSITORY.format(ACCOUNT),
        context=Context(values={"aws:requestedregion": "us-east-1"}),
    )
    decision = evaluate_access(request, identity=[identity], boundary=NOTHING)
    first, second = decision.statements
    [check] = first.checks

    assert (first.kind, second.kind) == ("identity", "boundary")
    assert (first.action, first.resource, first.applies) == (
        Outcome.PASS,
        Outcome.PASS,
        Outcome.FAIL,
    )
    assert (check.key, check.operator) == ("aws:RequestedRegion", "StringEquals")
    assert (check.held, check.wanted) == (("us-east-1",), ("eu-central-1",))
    assert check.outcome is Outcome.FAIL
    assert second.action is Outcome.FAIL
