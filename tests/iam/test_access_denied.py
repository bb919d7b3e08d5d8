"""AWS's texts of refused calls, taken apart."""

# ruff: noqa: E501 - the sentences of AWS are kept whole, so that one finds them
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy_access.iam.access_denied import AccessDenied, find_denials

SESSION = "arn:aws:sts::111122223333:assumed-role/web-deploy/GitHubActions"
BUCKET = "arn:aws:s3:::prod-artifacts/release.tar.gz"
SCP = "arn:aws:organizations::987654321098:policy/o-qv5af4abcd/service_control_policy/p-2kgnabcd"
ACTIONS = st.sampled_from(["ecr:PutImage", "ecs:UpdateService", "iam:PassRole", "s3:GetObject"])
RESOURCES = st.one_of(
    st.just("*"),
    st.from_regex(r"arn:aws:[a-z]{2,8}:[a-z0-9-]{0,9}:\d{12}:\w[\w/:+=@-]{0,30}\w", fullmatch=True),
)
KINDS = {
    "identity-based policy": "identity",
    "permissions boundary": "boundary",
    "resource-based policy": "resource",
    "session policy": "session",
    "service control policy": "service-control",
    "resource control policy": "resource-control",
    "VPC endpoint policy": "vpc-endpoint",
}


def only(text: str) -> AccessDenied:
    """Return the one denial in *text*."""
    (found,) = find_denials(text)
    return found


@given(
    ACTIONS,
    RESOURCES,
    st.sampled_from(sorted(KINDS)),
    st.booleans(),
    st.sampled_from(["", '"', "'"]),
)
def test_each_part(action: str, resource: str, kind: str, explicit: bool, quote: str) -> None:
    """Every part of the sentence is found, whatever it is and in whatever text it stands."""
    why = (
        f"with an explicit deny in a {kind}"
        if explicit
        else f"because no {kind} allows the {action} action"
    )
    text = f"denied: User: {SESSION} is not authorized to perform: {action} on resource: {quote}{resource}{quote} {why}"

    found = only(f"Error: {text}\nError: Process completed with exit code 1.\n")

    assert (found.principal, found.action, found.resource) == (SESSION, action, resource)
    assert (found.kind, found.is_explicit, found.policy) == (KINDS[kind], explicit, None)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(
            f"User: {SESSION} is not authorized to perform: ecr:GetAuthorizationToken on resource: * because no identity-based policy allows the ecr:GetAuthorizationToken action",
            ("ecr:GetAuthorizationToken", "*", "identity", False, None),
            id="no resource",
        ),
        pytest.param(
            f"User: {SESSION} is not authorized to perform: iam:ListRoles on resource: arn:aws:iam::111122223333:role/* with an explicit deny in a service control policy: {SCP}",
            ("iam:ListRoles", "arn:aws:iam::111122223333:role/*", "service-control", True, SCP),
            id="the policy is named",
        ),
        pytest.param(
            f'User: {SESSION} is not authorized to perform: s3:GetObject on resource: "{BUCKET}" because no identity-based policy allows the s3:GetObject action',
            ("s3:GetObject", BUCKET, "identity", False, None),
            id="in quotes",
        ),
        pytest.param(
            f"User: {SESSION} is not authorized to perform: ecs:DescribeServices",
            ("ecs:DescribeServices", None, None, False, None),
            id="of a service without the form",
        ),
        pytest.param(
            f"(User: {SESSION} is not authorized to perform: ecs:StopTask on resource: arn:aws:ecs:eu-central-1:111122223333:task/prod/1.)",
            (
                "ecs:StopTask",
                "arn:aws:ecs:eu-central-1:111122223333:task/prod/1",
                None,
                False,
                None,
            ),
            id="at the end of a sentence",
        ),
    ],
)
def test_forms(text: str, found: tuple[object, ...]) -> None:
    """The forms that AWS writes."""
    denied = only(text)

    assert (denied.action, denied.resource, denied.kind, denied.is_explicit, denied.policy) == found


def test_several() -> None:
    """Each refused call is there once, however often it was tried again."""
    one, other = (
        f"User: {SESSION} is not authorized to perform: ecr:{name} on resource: *"
        for name in ("A", "B")
    )

    assert [found.action for found in find_denials(f"{one}\n{one}\n{other}\n")] == [
        "ecr:A",
        "ecr:B",
    ]


@pytest.mark.parametrize(
    ("principal", "role", "account"),
    [
        (SESSION, "web-deploy", "111122223333"),
        ("arn:aws:iam::111122223333:role/ci/web-deploy", "web-deploy", "111122223333"),
        ("arn:aws:iam::111122223333:user/ana", None, "111122223333"),
        ("arn:aws-cn:sts::111122223333:assumed-role/x/y", "x", "111122223333"),
    ],
)
def test_who(principal: str, role: str | None, account: str) -> None:
    """The session of a role says the role's name, without its path; a user has none."""
    denied = only(f"User: {principal} is not authorized to perform: ecr:PutImage on resource: *")

    assert (denied.role_name, denied.account) == (role, account)


@given(st.text())
def test_any_text(text: str) -> None:
    """A text of any kind has no denial or whole ones."""
    assert all(found.action for found in find_denials(text))
