"""
`AssumeRoleWithWebIdentity` through the gate, with AWS's own SDK.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from gate_world import MAIN, REGION, World, refusal
from sandbox_estates import ISSUER, NONPROD, PROD, trust_policy

from deploy_access.github.repository import GithubRepo
from sandbox.gate.token_issuer import TokenIssuer
from sandbox.server.aws_session import AwsSession, SessionKeys

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox_estates import Json

    from sandbox.gate.github_run import GithubRun

DENIED = (403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")


@pytest.fixture(scope="module")
def role(world: World) -> str:
    """
    Make a role that trusts the main branch, with a path.
    """
    return world.role("sign-in", path="/ci/")


def test_the_trusted_run_gets_in(world: World, role: str) -> None:
    """The session is of the role, and carries the name that the job gave it."""
    identity = world.enter(role).client("sts").get_caller_identity()

    assert identity["Arn"] == f"arn:aws:sts::{NONPROD}:assumed-role/sign-in/GitHubActions"
    assert identity["Account"] == NONPROD


def test_the_answer_is_that_of_sts(world: World, role: str) -> None:
    """The answer says who got in, by which provider, and until when."""
    sts = unsigned(world).client("sts")
    answer = sts.assume_role_with_web_identity(
        RoleArn=role,
        RoleSessionName="run",
        WebIdentityToken=world.issuer.token(MAIN, audience="sts.amazonaws.com"),
    )

    del answer["ResponseMetadata"]
    credentials, user = answer.pop("Credentials"), answer.pop("AssumedRoleUser")
    assert set(credentials) == {"AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"}
    assert user["AssumedRoleId"].endswith(":run")
    assert answer == {
        "Audience": "sts.amazonaws.com",
        "Provider": f"arn:aws:iam::{NONPROD}:oidc-provider/{ISSUER}",
        "SubjectFromWebIdentityToken": "repo:acme@123456/web@456789:ref:refs/heads/main",
    }


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(replace(MAIN, ref="refs/pull/1/merge"), id="a pull request"),
        pytest.param(replace(MAIN, ref="refs/heads/feature"), id="another branch"),
        pytest.param(replace(MAIN, ref="refs/tags/main"), id="a tag of that name"),
        pytest.param(replace(MAIN, environment="prod"), id="an environment on the branch"),
        pytest.param(
            replace(MAIN, repo=GithubRepo("acme/other", owner_id=123456, repo_id=9)),
            id="another repository of the owner",
        ),
        pytest.param(
            replace(MAIN, repo=GithubRepo("acme/web", owner_id=7, repo_id=8)),
            id="the same name with other ids",
        ),
        pytest.param(
            replace(MAIN, repo=GithubRepo("acme/web", subject_format="legacy")),
            id="the legacy form",
        ),
    ],
)
def test_who_is_not_trusted(world: World, role: str, run: GithubRun) -> None:
    """A run that the trust policy does not name is refused without a reason, as AWS does."""
    assert refusal(world.enter, role_arn=role, run=run) == DENIED


@pytest.mark.parametrize(
    "arn",
    [
        pytest.param(f"arn:aws:iam::{NONPROD}:role/sign-in", id="without its path"),
        pytest.param(f"arn:aws:iam::{NONPROD}:role/cd/sign-in", id="with another path"),
        pytest.param(f"arn:aws:iam::{NONPROD}:role/ci/nobody", id="no such role"),
        pytest.param(f"arn:aws:iam::{PROD}:role/ci/sign-in", id="in another account"),
    ],
)
def test_a_role_that_is_not_there(world: World, role: str, arn: str) -> None:
    """A role under another ARN is refused like one that does not trust the run."""
    assert arn != role
    assert refusal(world.enter, role_arn=arn) == DENIED


@pytest.mark.parametrize(
    ("asked", "code", "message"),
    [
        pytest.param(
            {"audience": "https://github.com/acme"},
            "InvalidIdentityToken",
            "Incorrect token audience",
            id="audience",
        ),
        pytest.param(
            {"duration": 3601},
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
            id="longer than the role allows",
        ),
        pytest.param(
            {"duration": 43201},
            "ValidationError",
            "1 validation error detected: Value '43201' at 'durationSeconds' failed to satisfy "
            "constraint: Member must have value less than or equal to 43200",
            id="longer than AWS allows",
        ),
    ],
)
def test_what_a_trusted_run_may_not_ask_for(
    world: World, role: str, asked: Json, code: str, message: str
) -> None:
    """The trusted run is refused with AWS's own code and words."""
    assert refusal(world.enter, role_arn=role, **asked) == (400, code, message)


def test_an_expired_token(world: World, role: str) -> None:
    """The SDK raises its own exception for a token that has expired."""
    sts = unsigned(world).client("sts")
    token = world.issuer.token(MAIN, audience="sts.amazonaws.com", lifetime=-1)

    with pytest.raises(sts.exceptions.ExpiredTokenException, match="must be before the expiration"):
        sts.assume_role_with_web_identity(
            RoleArn=role, RoleSessionName="run", WebIdentityToken=token
        )


def forged(world: World) -> str:
    """Sign a token with a key that is not the issuer's."""
    with TokenIssuer(world.issuer.url) as other:
        return other.token(MAIN, audience="sts.amazonaws.com")


def changed(world: World) -> str:
    """Keep the signature of one token and take the claims of another."""
    mine, theirs = (
        world.issuer.token(run, audience="sts.amazonaws.com").split(".")
        for run in (replace(MAIN, ref="refs/heads/feature"), MAIN)
    )
    return ".".join([mine[0], theirs[1], mine[2]])


def nonsense(world: World) -> str:
    """Show something else."""
    return f"no.token of {world.issuer.url}"


def unsigned_token(world: World) -> str:
    """Say that there is no signature, which is a classic."""
    _, claims, _ = world.issuer.token(MAIN, audience="sts.amazonaws.com").split(".")
    return f"eyJhbGciOiJub25lIn0.{claims}."


NO_KEY = (
    "Couldn't retrieve verification key from your identity provider, please reference "
    "AssumeRoleWithWebIdentity documentation for requirements"
)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(forged, NO_KEY, id="another key"),
        pytest.param(
            changed, "The signature of the web identity token is not valid.", id="other claims"
        ),
        pytest.param(
            unsigned_token, "The signature of the web identity token is not valid.", id="alg none"
        ),
        pytest.param(
            nonsense,
            "The ID Token provided is not a valid JWT. (You may see this error if you sent an "
            "Access Token)",
            id="no token",
        ),
    ],
)
def test_a_token_that_is_not_genuine(
    world: World, role: str, make: Callable[[World], str], message: str
) -> None:
    """The SDK raises its own exception for a token that the issuer did not sign."""
    sts = unsigned(world).client("sts")

    with pytest.raises(sts.exceptions.InvalidIdentityTokenException) as refused:
        sts.assume_role_with_web_identity(
            RoleArn=role, RoleSessionName="run", WebIdentityToken=make(world)
        )

    assert refused.value.response["Error"]["Message"] == message


def test_an_account_without_the_provider(world: World) -> None:
    """An account that knows no such issuer says so."""
    role = "arn:aws:iam::999999999999:role/deploy"

    assert refusal(world.enter, role_arn=role) == (
        400,
        "InvalidIdentityToken",
        f"No OpenIDConnect provider found in your account for https://{ISSUER}",
    )


def test_an_issuer_that_is_not_here(world: World, role: str) -> None:
    """A provider whose issuer has no address in the sandbox gives no keys."""
    url = "https://token.actions.example.ghe.com"
    world.iam.create_open_id_connect_provider(Url=url, ClientIDList=["sts.amazonaws.com"])
    with TokenIssuer(url) as other:
        token = other.token(MAIN, audience="sts.amazonaws.com")

    answer = refusal(
        unsigned(world).client("sts").assume_role_with_web_identity,
        RoleArn=role,
        RoleSessionName="run",
        WebIdentityToken=token,
    )

    assert answer == (400, "InvalidIdentityToken", NO_KEY)


def test_claims_beside_the_subject_count(world: World) -> None:
    """A condition on another claim that AWS has a key for is judged too."""
    policy = trust_policy(NONPROD, MAIN.subject).replace(
        f'"{ISSUER}:aud"', f'"{ISSUER}:repository_id": "456789", "{ISSUER}:aud"'
    )
    role = world.role("by-claim", trust=policy)
    stranger = replace(MAIN, claims={"repository_id": "1"})

    assert world.enter(role)
    assert refusal(world.enter, role_arn=role, run=stranger) == DENIED


def test_a_policy_that_changes_counts_at_once(world: World) -> None:
    """The trust policy is read as it is deployed now."""
    role = world.role("changing")
    assert world.enter(role)
    policy = trust_policy(NONPROD, "repo:acme@123456/web@456789:environment:prod")

    world.iam.update_assume_role_policy(RoleName="changing", PolicyDocument=policy)

    assert refusal(world.enter, role_arn=role) == DENIED
    assert world.enter(role, run=replace(MAIN, environment="prod"))


def test_a_parameter_that_is_not_judged(world: World, role: str) -> None:
    """What the gate does not judge it does not let through."""
    sts = unsigned(world).client("sts")
    token = world.issuer.token(MAIN, audience="sts.amazonaws.com")

    answer = refusal(
        sts.assume_role_with_web_identity,
        RoleArn=role,
        RoleSessionName="run",
        WebIdentityToken=token,
        ProviderId="www.amazon.com",
    )

    assert answer[1] == "SandboxCannotJudge"


def test_a_trust_policy_that_cannot_be_judged(world: World) -> None:
    """A condition on what only AWS knows of a request is not rounded to a yes."""
    policy = trust_policy(NONPROD, MAIN.subject).replace(
        '"Condition": {', '"Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}, '
    )
    role = world.role("by-address", trust=policy)

    assert refusal(world.enter, role_arn=role)[1] == "SandboxCannotJudge"


def unsigned(world: World) -> AwsSession:
    """Return a session at the gate with keys that the gate never gave out."""
    keys = SessionKeys(access_key="AKIASTRANGER", secret_key="guessed")
    return AwsSession(endpoint=world.gate.endpoint, keys=keys, region=REGION)
