"""An undecided answer says what would decide it, and that does."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from explain_cases import (
    AUDIENCE,
    HOST,
    MAIN,
    Json,
    conditioned,
    estate_of,
    event,
    explain,
    role_answer,
    run_of,
)

from deploy_access.cli import main
from deploy_access.explain.decide import explain_run
from deploy_access.github.claims import CONDITION_KEYS
from deploy_access.github.flags import Wanted, describe_run

IMMUTABLE = "repo:acme@1/web@2:ref:refs/heads/main"
# The value of each claim of the run, as the flag that the help names takes it.
VALUES = {
    "actor": "octocat",
    "actor_id": "583231",
    "aud": "sts.amazonaws.com",
    "enterprise_id": "7",
    "environment": "prod",
    "job_workflow_ref": "acme/ci/.github/workflows/d.yml@refs/heads/main",
    "ref": "refs/heads/main",
    "repository": "acme/web",
    "repository_id": "2",
    "repository_owner_id": "1",
    "sub": MAIN,
    "workflow": "deploy",
}
PLACES = re.compile(r"AUDIENCE|OWNER/REPO/\.github/workflows/FILE@REF|VALUE|(?<=--branch )NAME")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in an empty folder."""
    monkeypatch.chdir(tmp_path)


def asking(claim: str, value: str, *subjects: str) -> Json:
    """Write a policy that compares a claim as well."""
    wanted: Json = {f"{HOST}:sub": list(subjects or (MAIN, IMMUTABLE)), f"{HOST}:{claim}": value}
    return conditioned({"StringEquals": AUDIENCE | wanted})


def answer(options: str, trust: Json) -> Json:
    """Return what the command answers, as JSON."""
    Path("trust.json").write_text(json.dumps(trust), "utf-8")
    arguments = ["explain", *shlex.split(options), "--policy", "trust.json", "--format", "json"]
    result = CliRunner().invoke(main, arguments)
    assert result.stderr == ""
    found: Json = json.loads(result.stdout)["runs"][0]["roles"][0]
    return found


def filled(flags: str, claim: str, value: str) -> str:
    """Put a value into the flags that the help names."""
    name = value.removeprefix("refs/heads/") if claim == "ref" else value
    return PLACES.sub(name, flags)


def named(found: Json) -> list[str]:
    """List the flags that the help names, with those of the run where it has them too."""
    text = " ".join(change["text"] for change in found["changes"])
    return [one for one in re.findall(r"`(--[^`]*)`", text) if one != "--token FILE"]


@pytest.mark.parametrize("claim", sorted(CONDITION_KEYS))
def test_a_described_run(claim: str) -> None:
    """For every condition key the answer is decided, or the flag that is named decides it."""
    value = VALUES.get(claim, "x")
    trust = asking(claim, value, *([value] if claim == "sub" else []))
    options = "--repo acme/web --branch main"

    found = answer(options, trust)

    if found["answer"] == "unknown":
        (flags,) = named(found)
        assert "`--token FILE`" in str(found["changes"])
        assert answer(f"{options} {filled(flags, claim, value)}", trust)["answer"] == "allowed"
        if claim not in {"aud", "ref"}:
            assert (
                answer(f"{options} {filled(flags, claim, 'a/b/.github/workflows/c@d')}", trust)[
                    "answer"
                ]
                == "denied"
            )


@pytest.mark.parametrize("claim", sorted(CONDITION_KEYS))
@pytest.mark.parametrize("subject", [MAIN, IMMUTABLE], ids=["legacy", "immutable"])
def test_an_event(claim: str, subject: str) -> None:
    """For an event that decides nothing, the run is described in full; the claim decides then."""
    value = VALUES.get(claim, "x") if claim != "sub" else subject
    trust = asking(claim, value)
    identity = event()["userIdentity"]
    provider = identity["identityProvider"]
    changed = {"userName": subject, "principalId": f"{provider}:sts.amazonaws.com:{subject}"}
    Path("event.json").write_text(
        json.dumps(event(userIdentity=identity | changed, errorCode=None)), "utf-8"
    )

    found = answer("--event event.json", trust)

    if found["answer"] == "unknown":
        (flags,) = named(found)
        assert flags.startswith("--repo acme/web ")
        assert answer(filled(flags, claim, value), trust)["answer"] == "allowed"


def test_which_claims_have_a_flag() -> None:
    """The tests above are not empty: these claims are not known without a flag."""
    run = describe_run(Wanted(repo="acme/web", branch="main"))
    unknown = {
        claim
        for claim in CONDITION_KEYS
        if explain(run, asking(claim, "x", MAIN)).answer == "unknown"
    }

    assert unknown == {
        "actor",
        "actor_id",
        "enterprise_id",
        "job_workflow_ref",
        "repository_id",
        "repository_owner_id",
        "workflow",
    }


def test_two_claims() -> None:
    """The flags of all unknown claims stand in one help, as one alone decides nothing."""
    wanted = {f"{HOST}:sub": MAIN, f"{HOST}:actor": "octocat", f"{HOST}:workflow": "deploy"}
    trust = conditioned({"StringEquals": AUDIENCE | wanted})

    (flags,) = named(answer("--repo acme/web --branch main", trust))

    assert flags == "--claim actor=VALUE --claim workflow=VALUE"


def test_the_branch_of_an_environment() -> None:
    """A job with an environment has a branch as well."""
    trust = asking("ref", "refs/heads/main", "repo:acme/web:environment:prod")

    (flags,) = named(answer("--repo acme/web --environment prod", trust))

    assert flags == "--branch NAME"
    options = "--repo acme/web --environment prod --branch main"
    assert answer(options, trust)["answer"] == "allowed"


def test_the_ref_of_a_pull_request() -> None:
    """The number of a pull request comes once, so a token alone says its ref."""
    trust = asking("ref", "refs/pull/42/merge", "repo:acme/web:pull_request")

    found = answer("--repo acme/web --pull-request", trust)

    assert [change["text"] for change in found["changes"]] == [
        "Give the run as a token, which has every claim: `--token FILE`."
    ]


def test_a_template_of_an_event() -> None:
    """A `sub` of another template is not described by flags that make the default one."""
    subject = "repository_owner:acme:environment:prod"
    finding = explain(run_of(subject), asking("actor", "octocat", subject))

    assert "--repo" not in finding.cause.changes[0].text


def test_another_issuer() -> None:
    """The flags describe a run on GitHub, so a token of another issuer is given whole."""
    host = "oidc.acme.example"
    arn = f"arn:aws:iam::111122223333:oidc-provider/{host}"
    condition = {"StringEquals": {f"{host}:sub": "x", f"{host}:namespace_id": "7"}}
    trust = conditioned(condition)
    trust["Statement"][0]["Principal"] = {"Federated": arn}

    (change,) = explain(run_of("x", provider=host, provider_arn=arn), trust).cause.changes

    assert change.text == "Give the run as a token, which has every claim: `--token FILE`."


def test_an_event_of_a_branch_has_no_environment() -> None:
    """GitHub's own template shows every environment, so a missing one is known."""
    trust = conditioned(
        {
            "StringEquals": {**AUDIENCE, f"{HOST}:environment": "prod"},
            "StringLike": {f"{HOST}:sub": "repo:acme/web:*"},
        }
    )

    finding = explain(run_of(), trust)

    assert (finding.answer, finding.cause.id) == ("denied", "claim-missing")
    assert finding.cause.changes[0].forms == (("YAML", "environment: prod"),)


def test_a_reference() -> None:
    """What Terraform fills in is read from AWS; the flags of the run would not decide."""
    found = explain_run(
        run_of(described=True), estate_of(role_answer(asking("ref", "${var.ref}")))
    ).findings[0]

    assert [change.text for change in found.cause.changes] == [
        "Read what AWS has: `aws iam get-role` prints the policy with every value."
    ]
