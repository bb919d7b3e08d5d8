"""The command `explain`: what it prints, whole, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from explain_cases import HOST, MAIN, Json, event, policy, role_answer, statement, trusting
from test_explain_runs import CLAIMS, encoded

from deploy_access.cli import main

EXAMPLE = Path(__file__).parents[2] / "examples/000-push-to-ecr/as-written"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, stdin: bytes | None = None) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, ["explain", *arguments], input=stdin)


def save(name: str, content: Json) -> None:
    """Write a file."""
    Path(name).write_text(json.dumps(content), "utf-8")


def test_the_example() -> None:
    """The event of the first example is explained by the policy of that example."""
    result = run(
        "--event",
        str(EXAMPLE / "cloudtrail-event.json"),
        "--policy",
        str(EXAMPLE / "trust-policy.json"),
    )

    assert (result.exit_code, result.stderr) == (10, "")
    assert (
        result.stdout.split("\n\n")[1].splitlines()[2:]
        == """\
  ok   Principal
  ok   Action
  ?    aud  StringEquals: not known
         policy 'sts.amazonaws.com'
  FAIL sub  StringEquals
         token  'repo:Test-User/techblue-dev:ref:refs/heads/main'
         policy 'repo:Test-User/techblue-dev:ref:main'
                                                 ^
  cause: GitHub writes no `sub` like 'repo:Test-User/techblue-dev:ref:main', so it matches no run: \
behind `repo:OWNER/NAME:` stands the ref, the environment or the event, in full.
  help: In the policy, change 'repo:Test-User/techblue-dev:ref:main' to this run's value. The \
whole `Condition` of statement 1 is then:
         JSON  "Condition": {
                 "StringEquals": {
                   "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                   "token.actions.githubusercontent.com:sub": \
"repo:Test-User/techblue-dev:ref:refs/heads/main"
                 }
               }
""".splitlines()
    )


def test_an_environment_on_the_job() -> None:
    """Both sides of the change are shown: the policy's and the workflow's."""
    save("role.json", role_answer(trusting(MAIN)))

    result = run("--repo", "acme/web", "--environment", "prod", "--owner-id", "1", "--repo-id", "2",
                 "--policy", "role.json")  # fmt: skip

    assert (result.exit_code, result.stderr) == (10, "")
    assert (
        result.stdout
        == """\
run in acme/web
  sub  'repo:acme@1/web@2:environment:prod'
  aud  'sts.amazonaws.com'
  iss  'https://token.actions.githubusercontent.com'

denied[legacy-subject-in-policy]: web-deploy does not let this run in
  --> role.json: Role, statement 1
  ok   Principal
  ok   Action
  FAIL sub  StringEquals
         token  'repo:acme@1/web@2:environment:prod'
         policy 'repo:acme/web:ref:refs/heads/main'
                          ^
  cause: The policy wants the legacy form of `sub`; the token carries the immutable form with \
ids, as repositories made, renamed or moved since 2026-07-15 do.
  besides: environment-on-job
  help: In the policy, trust this run too. The whole `Condition` of statement 1 is then:
         JSON  "Condition": {
                 "StringEquals": {
                   "token.actions.githubusercontent.com:sub": [
                     "repo:acme/web:ref:refs/heads/main",
                     "repo:acme@1/web@2:environment:prod"
                   ]
                 }
               }
  help: Or in the policy, add the immutable form of what it trusts; then take `environment: prod` \
off the job, and run the workflow on the branch 'main'. The whole `Condition` of statement 1 is \
then:
         JSON  "Condition": {
                 "StringEquals": {
                   "token.actions.githubusercontent.com:sub": [
                     "repo:acme/web:ref:refs/heads/main",
                     "repo:acme@1/web@2:ref:refs/heads/main"
                   ]
                 }
               }
"""
    )


def test_a_cause_outside_of_the_policy() -> None:
    """A run that AWS refused is a finding, also where the policy as it is now lets it in."""
    save("role.json", role_answer(policy(statement())))

    result = run("--event", "-", "--policy", "role.json", stdin=json.dumps(event()).encode())

    assert result.exit_code == 10
    assert (
        result.stdout.split("\n\n")[1]
        == """\
allowed[outside-policy]: web-deploy lets this run in
  --> role.json: Role, statement 1
  ok   Principal
  ok   Action
  ok   aud  StringEquals
  ok   sub  StringEquals
  cause: The policy as it is now lets the run in, and AWS answered 'AccessDenied'. If it was \
changed after 2026-11-20T10:00:00Z, run the workflow again; if not, the cause is outside of it.
  help: Compare with the policy that AWS has now, if the role is there: `aws iam get-role \
--role-name web-deploy`.
  help: Look for a policy of the organization that denies the run (SCP of the role's account, \
RCP), and for the policy of the endpoint for STS if the runner is in a VPC.
"""
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({}, 10, id="refused"),
        pytest.param({"errorCode": "ValidationError"}, 10, id="refused for another reason"),
        pytest.param({"errorCode": None}, 0, id="let in"),
    ],
)
def test_exit_code_of_an_event(changes: Json, code: int) -> None:
    """What AWS answered counts as well as the policy, which lets this run in."""
    save("role.json", role_answer(policy(statement())))
    content = json.dumps({"Records": [event(**changes)]}).encode()

    assert run("--event", "-", "--policy", "role.json", stdin=content).exit_code == code


def test_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal the answer and the mark of the first difference are coloured."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    save("trust.json", trusting("repo:acme/web:pull_request"))
    options = ["explain", "--repo", "acme/web", "--branch", "main", "--policy", "trust.json"]

    result = CliRunner().invoke(main, options)

    assert result.stdout.count("\x1b[31m") == len(["denied", "FAIL", "^"])


def test_json() -> None:
    """For machines everything is data."""
    save("role.json", role_answer(trusting("repo:acme/web:pull_request")))

    result = run("--repo", "acme/web", "--branch", "main", "--policy", "role.json",
                 "--format", "json")  # fmt: skip

    found = json.loads(result.stdout)["runs"][0]
    assert (result.exit_code, found["allowed"], found["run"]["sub"]) == (10, False, MAIN)
    role = found["roles"][0]
    assert (role["role"], role["answer"], role["cause"]) == (
        "web-deploy",
        "denied",
        "pull-request-in-policy",
    )
    assert [check["outcome"] for check in role["checks"]] == ["pass", "pass", "fail"]


def test_a_token_is_not_printed() -> None:
    """Neither an encoded token nor a claim that nothing compares is in the output."""
    save("trust.json", trusting(MAIN))
    token = encoded(CLAIMS | {"actor": "somebody"})

    result = run("--token", "-", "--policy", "trust.json", stdin=token)

    assert result.exit_code == 0
    assert token.decode() not in result.output
    assert "somebody" not in result.output


def test_a_token_on_the_command_line_is_not_printed() -> None:
    """Who gives the token instead of its file is told so, without showing it."""
    token = encoded(CLAIMS).decode()

    result = run("--token", token)

    assert (result.exit_code, token in result.output) == (2, False)


def test_what_could_not_be_read() -> None:
    """Problems of reading stand under the findings."""
    save("trust.json", trusting(MAIN))
    text = Path("trust.json").read_text("utf-8")
    Path("trust.json").write_text(text.replace('"Version"', '"Version": "x", "Version"'), "utf-8")

    result = run("--repo", "acme/web", "--branch", "main", "--policy", "trust.json")

    assert result.exit_code == 0
    assert result.stdout.endswith(
        "note: trust.json: Version: A key stands twice in one object; the last one counts. "
        "Got 'Version'.\n"
    )


def test_many_events() -> None:
    """Every run needs a role that lets it in."""
    save("role.json", role_answer(policy(statement())))
    other = event()
    other["userIdentity"] = other["userIdentity"] | {
        "userName": f"{MAIN}-2",
        "principalId": None,
    }
    save("events.json", {"Records": [event(), event(eventID="e-2"), other]})

    result = run("--event", "events.json", "--policy", "role.json")

    assert result.exit_code == 10
    assert "(seen 2 times)" in result.stdout
    assert "denied[other-branch]" in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--event", "a", "--token", "b"),
        ("--event", "a", "--branch", "main"),
        ("--repo", "acme/web"),
        ("--repo", "acme", "--branch", "main"),
        ("--repo", "acme/web", "--branch", "main", "--tag", "v1"),
        ("--repo", "acme/web", "--branch", "main", "--owner-id", "1"),
        ("--repo", "acme/web", "--branch", "main", "--issuer", "http://x"),
        (
            "--repo",
            "acme/web",
            "--branch",
            "main",
            "--issuer",
            "https://x.y/_services/token",
            "--owner-id",
            "1",
            "--repo-id",
            "2",
        ),
        ("--repo", "acme/web", "--branch", "main", "--format", "xml"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    """Wrong usage has an exit code of its own."""
    result = run(*arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert "Usage: " in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--repo", "acme/web", "--branch", "main"),
        ("--event", "missing.json", "--policy", "role.json"),
        ("--event", "role.json", "--policy", "role.json"),
        ("--repo", "acme/web", "--branch", "main", "--policy", "role.json", "--role", "web-deplyo"),
    ],
    ids=["no output", "no event", "no event in it", "unknown role"],
)
def test_failures(arguments: tuple[str, ...]) -> None:
    """What cannot be read is one line, and no finding."""
    save("role.json", role_answer(policy(statement())))

    result = run(*arguments)

    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert result.stderr.startswith("fatal: ")


def test_the_slug_in_the_issuer() -> None:
    """An enterprise's own issuer needs its slug in the condition keys."""
    arn = f"arn:aws:iam::111122223333:oidc-provider/{HOST}/acme"
    save("role.json", role_answer(policy(statement(Principal={"Federated": arn}))))

    result = run("--repo", "acme/web", "--branch", "main", "--policy", "role.json",
                 "--issuer", f"https://{HOST}/acme")  # fmt: skip

    assert result.exit_code == 10
    assert "denied[key-prefix]" in result.stdout
    assert f'"{HOST}/acme:sub": "{MAIN}"' in result.stdout


def test_a_policy_on_the_standard_input() -> None:
    """`--policy -` is read from there."""
    options = ["--repo", "acme/web", "--branch", "main", "--policy", "-"]

    result = run(*options, stdin=json.dumps(trusting(MAIN)).encode())

    assert result.exit_code == 0
    assert "  --> stdin, statement 1" in result.stdout


@pytest.mark.parametrize(
    ("options", "says"),
    [
        pytest.param(["--event", "-", "--policy", "-"], "is read once", id="two of stdin"),
        pytest.param(
            ["--event", "e", "--policy", "-", "--policy", "x"], "stands alone", id="two policies"
        ),
        pytest.param(
            ["--repo", "a/b", "--branch", "main", "--tag", "v1"],
            "Got '--branch main --tag v1'",
            id="two refs",
        ),
        pytest.param(
            ["--repo", "a/b", "--branch", "main", "--workflow-ref", "foo"],
            "Write OWNER/REPO/.github/workflows/FILE@REF",
            id="no workflow",
        ),
    ],
)
def test_what_does_not_go_together(options: list[str], says: str) -> None:
    """Wrong usage is told with what it takes."""
    result = run(*options)

    assert result.exit_code == 2
    assert says in result.stderr


def test_one_change_for_several_causes() -> None:
    """What is proposed mends all causes at once, so none has a change of its own beneath it."""
    wanted = {f"{HOST}:aud": "wrong", f"{HOST}:sub": "repo:acme/web:environment:x"}
    save("trust.json", policy(statement(Condition={"StringEquals": wanted})))

    result = run("--repo", "acme/web", "--branch", "main", "--policy", "trust.json")

    assert "  besides: audience\n" in result.stdout
    assert result.stdout.count("  help: ") == 1


def test_malformed_records() -> None:
    """What is no event of a run is counted; events of another kind are not malformed."""
    save("trust.json", trusting(MAIN))
    records = [event(), {"eventName": "AssumeRoleWithWebIdentity"}, None, 7, {"eventName": "X"}]

    result = run("--event", "-", "--policy", "trust.json",
                 stdin=json.dumps({"Records": records}).encode())  # fmt: skip

    assert (
        "  note: Malformed records of the file are left out: 2 no event, "
        "1 without `userIdentity.userName`.\n"
    ) in result.stdout


@pytest.mark.parametrize("arn", ["x", "", "arn:", "arn:aws:iam::1"])
def test_a_role_whose_arn_is_none(arn: str) -> None:
    """What the AWS CLI says of a role may have any text as its ARN; the role is explained."""
    save("role.json", role_answer(trusting("repo:acme/other:ref:refs/heads/main"), Arn=arn))

    result = run("--policy", "role.json", "--repo", "acme/web", "--branch", "main")

    assert (result.exit_code, result.stderr) == (10, "")
