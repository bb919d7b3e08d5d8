"""What the red lines of a log are answered with."""

# ruff: noqa: E501 - the sentences of AWS are kept whole, so that one finds them
from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import assume, given
from hypothesis import strategies as st

from deploy_access.cli import main
from deploy_access.explain.denied_call import explain_denial
from deploy_access.explain.log_causes import find_log_errors
from deploy_access.iam.access import AccessRequest, evaluate_access
from deploy_access.iam.access_denied import find_denials
from deploy_access.iam.context import Context
from deploy_access.iam.decision import Verdict
from deploy_access.iam.documents import read_policy
from deploy_access.terraform.reader import read_estate

if TYPE_CHECKING:
    from pathlib import Path

    from deploy_access.explain.denied_call import CallAnswer

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/web-deploy"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/web-deploy/GitHubActions"
HOST = "token.actions.githubusercontent.com"
WEB = f"arn:aws:ecr:eu-central-1:{ACCOUNT}:repository/web"
OTHER = f"arn:aws:ecr:eu-central-1:{ACCOUNT}:repository/other"
TASK_ROLE = f"arn:aws:iam::{ACCOUNT}:role/web-task"
PUSH = {"Effect": "Allow", "Action": ["ecr:PutImage", "ecr:UploadLayerPart"], "Resource": WEB}
ADMIN = {"Effect": "Allow", "Action": "*", "Resource": "*"}
DENY = {"Effect": "Deny", "Action": "ecr:Put*", "Resource": "*"}
TRUST = {
    "Effect": "Allow",
    "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{HOST}"},
    "Action": "sts:AssumeRoleWithWebIdentity",
    "Condition": {
        "StringEquals": {
            f"{HOST}:aud": "sts.amazonaws.com",
            f"{HOST}:sub": "repo:acme/web:environment:prod",
        }
    },
}
SIGN_IN = f"""Run aws-actions/configure-aws-credentials@v5
  with:
    role-to-assume: {ROLE}
    audience: sts.amazonaws.com
Error: Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in a folder with the role that pushes images of `web`."""
    monkeypatch.chdir(tmp_path)
    save(tmp_path, PUSH)
    return tmp_path


def save(folder: Path, *statements: object, boundary: object = None) -> Path:
    """Write a role with one inline policy, and perhaps a boundary."""
    role: dict[str, Any] = {"name": "web-deploy", "assume_role_policy": document(TRUST)}
    resources: dict[str, Any] = {
        "aws_iam_role": {"web": role},
        "aws_iam_role_policy": {
            "push": {
                "name": "push",
                "role": "${aws_iam_role.web.name}",
                "policy": document(*statements),
            }
        },
    }
    if boundary:
        role["permissions_boundary"] = "${aws_iam_policy.bound.arn}"
        resources["aws_iam_policy"] = {"bound": {"name": "bound", "policy": document(boundary)}}
    provider = {"aws": [{"region": "eu-central-1", "allowed_account_ids": [ACCOUNT]}]}
    path = folder / "role.tf.json"
    path.write_text(json.dumps({"provider": provider, "resource": resources}), "utf-8")
    return path


def document(*statements: object) -> str:
    """Write a policy."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def refused(action: str, resource: str | None = WEB, why: str = "") -> str:
    """Write AWS's text of a refused call."""
    on = f" on resource: {resource}" if resource else ""
    text = why or f"because no identity-based policy allows the {action} action"
    return f"User: {SESSION} is not authorized to perform: {action}{on} {text}"


def answer(text: str, path: Path) -> CallAnswer:
    """Explain the one refused call."""
    (denied,) = find_denials(text)
    return explain_denial(denied, read_estate(path))


def explain(*arguments: str, stdin: str | None = None) -> Result:
    """Run the command."""
    return CliRunner().invoke(
        main, ["explain", *arguments, "--policy", "role.tf.json"], input=stdin
    )


def test_a_refused_call() -> None:
    """The page that a person reads, whole."""
    result = explain("--error", refused("ecr:PutImage", OTHER))

    assert (result.exit_code, result.stderr) == (10, "")
    assert (
        result.stdout
        == f"""\
call of ecr:PutImage on {OTHER}
  by   web-deploy (account {ACCOUNT})
  AWS  no identity-based policy allows it

denied[no-statement]: web-deploy may not do it
  --> role.tf.json: aws_iam_role_policy.push, statement 1
  cause: The statement allows it on `{WEB}` only.
  help: Add to a policy of the role:
         JSON    {{
                   "Effect": "Allow",
                   "Action": "ecr:PutImage",
                   "Resource": "{OTHER}"
                 }}
         Python  image.grant_push(role)
  help: Or, if the step names the wrong resource, mend the workflow.
"""
    )


@pytest.mark.parametrize(
    ("statements", "boundary", "text", "expected"),
    [
        pytest.param(
            [PUSH], None, refused("ecr:StartImageScan"), ("denied", "no-statement", None), id="none"
        ),
        pytest.param(
            [PUSH, DENY],
            None,
            refused("ecr:PutImage", why="with an explicit deny in an identity-based policy"),
            ("denied", "explicit-deny", 2),
            id="deny",
        ),
        pytest.param(
            [PUSH],
            {**PUSH, "Action": "ecr:UploadLayerPart"},
            refused(
                "ecr:PutImage", why="because no permissions boundary allows the ecr:PutImage action"
            ),
            ("denied", "boundary", None),
            id="boundary",
        ),
        pytest.param(
            [ADMIN],
            None,
            refused("ecr:PutImage", why="with an explicit deny in a service control policy"),
            ("allowed", "outside-policy", None),
            id="organization",
        ),
        pytest.param(
            [PUSH], None, refused("ecr:PutImage"), ("allowed", "outside-policy", None), id="since"
        ),
        pytest.param(
            [{**PUSH, "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}}],
            None,
            refused("ecr:PutImage"),
            ("unknown", "outside-policy", None),
            id="hangs on a key",
        ),
    ],
)
def test_reasons(
    here: Path,
    statements: list[object],
    boundary: object,
    text: str,
    expected: tuple[str, str, int | None],
) -> None:
    """Each kind of refusal has its reason, and what was not read never counts as a refusal."""
    found = answer(text, save(here, *statements, boundary=boundary))

    assert (found.answer, found.cause.id, found.statement) == expected


def test_passing_a_role(here: Path) -> None:
    """A role is passed to the service of tasks only, or anybody could start anything with it."""
    found = answer(refused("iam:PassRole", TASK_ROLE), here / "role.tf.json")

    ((_, text), (_, construct)) = found.cause.changes[0].forms
    assert json.loads(text) == {
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": TASK_ROLE,
        "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
    }
    assert construct == "EcsDeployPolicy(..., task_roles=[...], execution_role=...)"


def test_no_resource_is_no_star(here: Path) -> None:
    """Where AWS names no resource of an action that takes one, nothing is proposed on `*`."""
    found = answer(refused("ecr:StartImageScan", None), here / "role.tf.json")

    assert [change.forms for change in found.cause.changes] == [()]


@given(
    st.lists(st.sampled_from(["ecr:PutImage", "ecr:*", "ecs:UpdateService", "*"]), max_size=2),
    st.sampled_from([WEB, OTHER, "*", f"{WEB}-*"]),
    st.sampled_from(["ecr:PutImage", "ecr:BatchGetImage", "ecr:UploadLayerPart"]),
    st.sampled_from([WEB, OTHER]),
)
def test_the_statement_mends_it(
    tmp_path_factory: pytest.TempPathFactory,
    actions: list[str],
    on: str,
    action: str,
    resource: str,
) -> None:
    """What is proposed allows the call, and no other call on no other resource."""
    statements = [{"Effect": "Allow", "Action": actions, "Resource": on}] if actions else []
    path = save(tmp_path_factory.mktemp("role"), *statements)
    found = answer(refused(action, resource), path)
    assume(found.answer == "denied")

    added = json.loads(found.cause.changes[0].forms[0][1])

    def verdict(action: str, resource: str, *policies: object) -> Verdict:
        request = AccessRequest(
            role_arn=ROLE, action=action, resource=resource, context=Context(values={})
        )
        read = [read_policy(document(one)).policy for one in policies]
        return evaluate_access(request, identity=read).verdict

    assert verdict(action, resource, *statements) is Verdict.DENIED_IMPLICITLY
    assert verdict(action, resource, *statements, added) is Verdict.ALLOWED
    assert verdict("ecr:DeleteRepository", resource, added) is Verdict.DENIED_IMPLICITLY
    assert verdict(action, f"{resource}x", added) is Verdict.DENIED_IMPLICITLY


def test_another_role() -> None:
    """A role that was not read is named, with the nearest one."""
    result = explain("--error", refused("ecr:PutImage").replace("web-deploy/", "web-deplyo/"))

    assert "unknown[role-not-found]: web-deplyo" in result.stdout
    assert (
        "The role is not among those that were read. The nearest is 'web-deploy'." in result.stdout
    )


@pytest.mark.parametrize("form", ["text", "file", "stdin"])
def test_a_refused_sign_in(here: Path, form: str) -> None:
    """The log says the role and the audience, the flags what the token held."""
    (here / "log.txt").write_text(SIGN_IN, "utf-8")
    given = {"text": SIGN_IN, "file": "log.txt", "stdin": "-"}[form]

    result = explain("--error", given, "--repo", "acme/web", "--branch", "main", stdin=SIGN_IN)

    assert (result.exit_code, result.stderr) == (10, "")
    assert f"  asked for {ROLE}, and AWS answered 'AccessDenied'\n" in result.stdout
    assert "denied[environment-in-policy]: web-deploy does not let this run in\n" in result.stdout


def test_the_repository_of_a_log() -> None:
    """A log of a whole job has the repository that it checked out."""
    log = f"Syncing repository: acme/web\n{SIGN_IN}"

    assert "denied[environment-in-policy]" in explain("--error", log, "--branch", "main").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--error", SIGN_IN], 2, "add `--repo OWNER/NAME`"),
        (
            ["--error", "x", "--event", "y"],
            2,
            "one of `--event`, `--token`, `--error` and `--repo`",
        ),
        (["--error", "all is well"], 1, "There is no error of AWS in it. Got 'all is well'."),
        (["--error", ""], 1, "There is no error of AWS in it."),
    ],
)
def test_too_little(arguments: list[str], code: int, words: str) -> None:
    """What is missing is said."""
    result = explain(*arguments)

    assert (result.exit_code, result.stdout) == (code, "")
    assert words in result.stderr


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        (
            f"Error: No OpenIDConnect provider found in your account for https://{HOST}.",
            "no-provider",
        ),
        ("Error: Could not assume role with OIDC: Incorrect token audience", "provider-audience"),
        (
            "Error: Credentials could not be loaded, please check your action inputs: Could not load credentials from any providers",
            "no-token",
        ),
        ("Error: Unable to get ACTIONS_ID_TOKEN_REQUEST_URL env variable", "no-token"),
        (
            "Error: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
            "session-too-long",
        ),
        (
            "Error: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
            "chained-session-too-long",
        ),
        (
            "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation",
            "issuer-not-reached",
        ),
        (
            "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint",
            "thumbprint",
        ),
        (
            "Error: Could not assume role with OIDC: Token expired: current date/time 1795974047 must be before the expiration date/time 1795974046",
            "token-expired",
        ),
        ("Error: Request ARN is invalid", "no-role-arn"),
        ("no basic auth credentials", "not-logged-in"),
        (
            "Error: Could not get ID token for audience sts.amazonaws.com: Unable to get ACTIONS_ID_TOKEN_REQUEST_TOKEN env variable",
            "no-token",
        ),
        ("Error: Failed to get ID Token. \n \n Error Code : 503", "no-token-issued"),
        (
            "Error: Could not assume role with OIDC: Invalid identity token. Token could not be parsed",
            "no-jwt",
        ),
        (
            "An error occurred (InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity operation: The ID Token provided is not a valid JWT.",
            "no-jwt",
        ),
        (
            "An error occurred (ExpiredTokenException) when calling the UpdateService operation: The security token included in the request is expired",
            "session-expired",
        ),
        ("ExpiredTokenException: Token expired", "token-expired"),
        (
            "An error occurred (UnrecognizedClientException) when calling the GetAuthorizationToken operation: The security token included in the request is invalid",
            "unknown-credentials",
        ),
        (
            "Error: Could not assume role with OIDC: 1 validation error detected: Value '' at 'roleArn' failed to satisfy constraint: Member must have length greater than or equal to 20",
            "no-role-arn",
        ),
        (
            "Error: Source Account ID is needed if the Role Name is provided and not the Role Arn.",
            "no-role-arn",
        ),
        (
            "1 validation error detected: Value 'a/b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern",
            "session-name",
        ),
        (
            "STS is not activated in this region for account:111122223333. Your account administrator can activate STS in this region using the IAM Console.",
            "region-not-active",
        ),
        ("Error: Region is not valid: eu-central", "no-region"),
        ("Error: Input required and not supplied: aws-region", "no-region"),
        ("Encoded authorization failure message: 4GIOHlTkIaWHQD0Q", "encoded-denial"),
        (
            "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied",
            "bare-denial",
        ),
        (
            "name unknown: The repository with name 'web' does not exist in the registry with id '111122223333'",
            "no-repository",
        ),
    ],
)
def test_errors_that_no_policy_causes(line: str, cause: str) -> None:
    """Each has one cause, and at least one thing to do."""
    (found,) = find_log_errors(f"one line\n{line}\nanother\n")

    assert (found.cause.id, "{" in found.cause.text, len(found.cause.changes) > 0) == (
        cause,
        False,
        True,
    )


def test_a_deny_that_was_not_read(here: Path) -> None:
    """Nothing is proposed against a `Deny` in a policy that was not read; it is named."""
    policy = f"arn:aws:iam::{ACCOUNT}:policy/no-deploys"
    why = f"with an explicit deny in an identity-based policy: {policy}"

    found = answer(refused("ecr:PutImage", OTHER, why=why), here / "role.tf.json")

    (change,) = found.cause.changes
    assert (found.answer, found.cause.id, change.forms) == ("denied", "outside-policy", ())
    assert change.text.endswith(f"It is `{policy}`.")


def test_assuming_a_role(here: Path) -> None:
    """A role is assumed only where both halves allow it."""
    other = TASK_ROLE.replace(ACCOUNT, "444455556666")

    found = answer(refused("sts:AssumeRole", other), here / "role.tf.json")

    mine, theirs = found.cause.changes[:2]
    assert json.loads(mine.forms[0][1])["Resource"] == other
    assert json.loads(theirs.forms[0][1]) == {
        "Effect": "Allow",
        "Principal": {"AWS": ROLE},
        "Action": "sts:AssumeRole",
    }


@pytest.mark.parametrize("region", ["eu-central-1", "us-gov-west-1", "", "$(x)"])
def test_where_the_event_is(region: str) -> None:
    """A log leads to the event, in the region that it names."""
    log = SIGN_IN.replace("    audience:", f"    aws-region: {region}\n    audience:")

    text = explain("--error", log, "--repo", "acme/web", "--branch", "main").stdout

    assert "aws cloudtrail lookup-events --lookup-attributes" in text
    assert ("--region" in text, f"--region {region} >" in text) == (("-" in region,) * 2)


def test_json() -> None:
    """For machines everything is data."""
    text = f"{refused('ecr:PutImage', OTHER)}\nError: Request ARN is invalid\n"

    content = json.loads(explain("--error", text, "--format", "json").stdout)

    assert [one["answer"] for one in content["calls"]] == ["denied"]
    assert [one["cause"] for one in content["errors"]] == ["no-role-arn"]
    assert content["runs"] == []
