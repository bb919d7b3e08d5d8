"""
Tokens as GitHub issues them.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from deploy_access.github.repository import GithubRepo
from deploy_access.github.token import read_token
from sandbox.gate.github_run import GithubRun, claims_of
from sandbox.gate.token_issuer import TokenIssuer

if TYPE_CHECKING:
    from collections.abc import Iterator

WEB = GithubRepo("acme/web", owner_id=12, repo_id=34)
AUDIENCE = "sts.amazonaws.com"
# https://docs.github.com/actions/reference/security/oidc, and `sha` from its example tokens.
DOCUMENTED = {
    *("actor", "actor_id", "aud", "base_ref", "event_name", "exp", "head_ref", "iat", "iss"),
    *("job_workflow_ref", "job_workflow_sha", "jti", "nbf", "ref", "ref_type", "repository"),
    *("repository_id", "repository_owner", "repository_owner_id", "repository_visibility"),
    *("run_attempt", "run_id", "run_number", "runner_environment", "sha", "sub", "workflow"),
    *("workflow_ref", "workflow_sha"),
}


@pytest.fixture(scope="module")
def issuer() -> Iterator[TokenIssuer]:
    """
    Start one issuer.
    """
    with TokenIssuer() as issuer:
        yield issuer


def fetch(url: str, **headers: str) -> Any:
    """Fetch JSON."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:  # noqa: S310
        return json.load(answer)


@pytest.mark.parametrize(
    ("run", "subject"),
    [
        pytest.param(GithubRun(repo=WEB), "repo:acme@12/web@34:ref:refs/heads/main", id="branch"),
        pytest.param(
            GithubRun(repo=WEB, ref="refs/tags/v1"),
            "repo:acme@12/web@34:ref:refs/tags/v1",
            id="tag",
        ),
        pytest.param(
            GithubRun(repo=WEB, ref="refs/pull/7/merge"),
            "repo:acme@12/web@34:pull_request",
            id="pull request",
        ),
        pytest.param(
            GithubRun(repo=WEB, ref="refs/pull/7/merge", environment="prod:eu"),
            "repo:acme@12/web@34:environment:prod%3Aeu",
            id="an environment wins",
        ),
        pytest.param(
            GithubRun(repo=GithubRepo("acme/web", subject_format="legacy")),
            "repo:acme/web:ref:refs/heads/main",
            id="legacy",
        ),
        pytest.param(
            GithubRun(repo=WEB, claims={"sub": "repository_owner:acme"}),
            "repository_owner:acme",
            id="a template of its own",
        ),
    ],
)
def test_subject(run: GithubRun, subject: str) -> None:
    """The `sub` has the form that GitHub documents for the run."""
    assert claims_of(run, audience=AUDIENCE)["sub"] == subject


def test_claims_are_the_documented_ones() -> None:
    """A token has every claim that GitHub documents, and no other."""
    plain = claims_of(GithubRun(repo=WEB), audience=AUDIENCE)
    in_environment = claims_of(GithubRun(repo=WEB, environment="prod"), audience=AUDIENCE)

    assert set(plain) == DOCUMENTED
    assert set(in_environment) == {*DOCUMENTED, "environment"}


def test_a_token_lives_for_five_minutes() -> None:
    """From `iat` to `exp` it is 300 seconds, also in a token that has expired."""
    run = GithubRun(repo=WEB)
    fresh = claims_of(run, audience=AUDIENCE)
    expired = claims_of(run, audience=AUDIENCE, lifetime=-5)

    assert fresh["exp"] - fresh["iat"] == 300
    assert expired["exp"] - expired["iat"] == 300
    assert expired["exp"] < fresh["iat"]


def test_no_two_tokens_are_the_same() -> None:
    """Each token has an id of its own."""
    run = GithubRun(repo=WEB)
    ids = {claims_of(run, audience=AUDIENCE)["jti"] for _ in range(3)}

    assert len(ids) == 3


def test_keys_are_found_through_discovery(issuer: TokenIssuer) -> None:
    """The discovery document has GitHub's `iss`, and leads to the keys on loopback."""
    configuration = fetch(f"{issuer.address}/.well-known/openid-configuration")
    keys = KeySet.import_key_set(fetch(configuration["jwks_uri"]))

    token = jwt.decode(issuer.token(GithubRun(repo=WEB), audience=AUDIENCE), keys)

    assert configuration["issuer"] == token.claims["iss"]
    assert configuration["issuer"] == "https://token.actions.githubusercontent.com"
    assert configuration["jwks_uri"].startswith("http://127.0.0.1:")
    assert token.header["alg"] == "RS256"


def test_published_keys_are_public(issuer: TokenIssuer) -> None:
    """What is published can check a signature and not make one."""
    (key,) = fetch(f"{issuer.address}/.well-known/jwks")["keys"]

    assert set(key) == {"alg", "e", "kid", "kty", "n", "use"}


@pytest.mark.parametrize(
    ("asked", "audience"),
    [
        pytest.param("&audience=sts.amazonaws.com", "sts.amazonaws.com", id="as the action asks"),
        pytest.param("", "https://github.com/acme", id="GitHub's own"),
    ],
)
def test_a_job_asks_for_its_token(issuer: TokenIssuer, asked: str, audience: str) -> None:
    """The variables of a job lead to a token of its run, for the audience that it names."""
    run = GithubRun(repo=WEB, environment="prod")
    job = issuer.begin(run)

    bearer = f"bearer {job['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}"
    url = f"{job['ACTIONS_ID_TOKEN_REQUEST_URL']}{asked}"
    token = read_token(fetch(url, Authorization=bearer)["value"].encode(), "token")

    assert (token.subject, token.audience) == (run.subject, audience)


def test_a_stranger_gets_no_token(issuer: TokenIssuer) -> None:
    """Without the bearer token of a job there is no token."""
    url = issuer.begin(GithubRun(repo=WEB))["ACTIONS_ID_TOKEN_REQUEST_URL"]

    with pytest.raises(urllib.error.HTTPError, match="401"):
        fetch(url, Authorization="bearer guessed")
