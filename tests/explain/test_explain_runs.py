"""A run is read from events as they are, from tokens, and from flags."""

from __future__ import annotations

import base64
import json

import pytest
from explain_cases import HOST, MAIN, PROVIDER, ROLE, Json, event, trail_of

from deploy_access.errors import InvalidValue
from deploy_access.github.flags import Wanted, describe_run
from deploy_access.github.run import Run
from deploy_access.github.token import read_token

CLAIMS: Json = {
    "iss": f"https://{HOST}",
    "sub": MAIN,
    "aud": "sts.amazonaws.com",
    "ref": "refs/heads/main",
    "repository_owner": "acme",
    "repository_id": 2,
}


def events(content: object) -> tuple[Run, ...]:
    """Read events from JSON."""
    return trail_of(json.dumps(content).encode()).runs


def identity(**changes: object) -> Json:
    """Write an event whose identity has *changes*; None takes a key away."""
    changed = event()["userIdentity"] | changes
    return event(userIdentity={key: value for key, value in changed.items() if value is not None})


def encoded(claims: Json) -> bytes:
    """Encode a token, with a signature that is none."""
    parts = [json.dumps(part).encode() for part in ({"alg": "RS256"}, claims)]
    return b".".join([*(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts), b"c2ln"])


@pytest.mark.parametrize(
    ("keys", "more", "expected"),
    [
        pytest.param(("repo", "context"), {}, MAIN, id="the default"),
        pytest.param(
            ("repo", "context", "job_workflow_ref"),
            {"workflow_ref": "acme/ci/.github/workflows/d.yml@refs/heads/main"},
            f"{MAIN}:job_workflow_ref:acme/ci/.github/workflows/d.yml@refs/heads/main",
            id="the workflow besides",
        ),
        pytest.param(("repository_owner",), {}, "repository_owner:acme", id="the owner"),
        pytest.param(
            ("repo", "repository"),
            {"owner_id": 1, "repo_id": 2},
            "repo:acme@1/web@2:repository:acme/web",
            id="ids in repo alone",
        ),
        pytest.param(
            ("environment", "repository_owner"),
            {"environment": "prod:eu"},
            "environment:prod%3Aeu:repository_owner:acme",
            id="a colon",
        ),
    ],
)
def test_templates(keys: tuple[str, ...], more: Json, expected: str) -> None:
    """A template of the repository's own makes `sub` as GitHub does, and is not guessed at."""
    run = describe_run(Wanted(repo="acme/web", branch="main", claim_keys=keys, **more))

    assert (run.subject, run.ids_unknown) == (expected, False)
    assert "repository_owner" not in run.claims


def test_a_template_of_what_nobody_says() -> None:
    """A claim that no flag gives is refused by its name."""
    with pytest.raises(InvalidValue, match="actor"):
        describe_run(Wanted(repo="acme/web", branch="main", claim_keys=("repo", "actor")))


@pytest.mark.parametrize(
    "content",
    [
        event(),
        {"Records": [event()]},
        [event(), {"eventName": "GetCallerIdentity"}],
        {"Events": [{"CloudTrailEvent": json.dumps(event())}]},
    ],
    ids=["event", "records", "list", "lookup-events"],
)
def test_shapes_of_events(content: object) -> None:
    """However events are kept, the run is the same."""
    assert events(content) == (
        Run(
            name="event e-1 2026-11-20T10:00:00Z",
            subject=MAIN,
            audience="sts.amazonaws.com",
            provider_arn=PROVIDER,
            role_arn=ROLE,
            error="AccessDenied",
            time="2026-11-20T10:00:00Z",
        ),
    )


@pytest.mark.parametrize(
    ("content", "audience"),
    [
        (
            identity(principalId=f"{PROVIDER}:https://github.com/acme:{MAIN}"),
            "https://github.com/acme",
        ),
        (identity(identityProvider=None), "sts.amazonaws.com"),
        (identity(principalId=None), None),
        (identity(principalId=f"{PROVIDER}:cut"), None),
    ],
    ids=["colon in the audience", "no provider", "no principal", "cut principal"],
)
def test_audience(content: Json, audience: str | None) -> None:
    """The audience is what is left of the principal, where it is whole."""
    run = events(content)[0]

    assert (run.audience, run.provider_arn) == (audience, PROVIDER)


def test_a_provider_that_is_cut_off() -> None:
    """GitHub's provider is recognized by its start, and the output says so."""
    run = events(identity(identityProvider=PROVIDER[:-3], principalId=PROVIDER[:-3]))[0]

    assert (run.provider, run.provider_arn) == (HOST, PROVIDER)
    assert "cut off the provider" in run.notes[0]


def test_another_issuer() -> None:
    """An EKS cluster's tokens are read like any other."""
    arn = PROVIDER.replace(HOST, "oidc.eks.eu-west-1.amazonaws.com/id/ABC")
    subject = "system:serviceaccount:default:web"
    content = identity(
        userName=subject,
        identityProvider=arn,
        principalId=f"{arn}:sts.amazonaws.com:{subject}",
    )

    run = events(content)[0]

    assert (run.provider, run.audience) == (
        "oidc.eks.eu-west-1.amazonaws.com/id/ABC",
        "sts.amazonaws.com",
    )


def test_the_role_of_an_event_without_parameters() -> None:
    """The role is among the resources too."""
    resources = [{"type": "AWS::IAM::Role", "ARN": ROLE}]

    assert events(event(requestParameters=None, resources=resources))[0].role_arn == ROLE


def test_events_that_are_alike() -> None:
    """The same run is explained once, with the last time that AWS refused it."""
    times = [f"2026-11-2{day}T10:00:00Z" for day in (1, 3, 2)]

    (run,) = events([event(eventTime=time) for time in times])

    assert (run.times, run.first_time, run.time) == (3, times[0], times[1])
    assert run.name == f"event e-1 {times[1]}"


def test_a_key_that_is_there_twice() -> None:
    """The last one counts, and the output says so."""
    raw = json.dumps(event()).replace('"eventID"', '"eventID": "x", "eventID"')

    (run,) = trail_of(raw.encode()).runs

    assert run.notes == ("The event has keys twice, the last counts: 'eventID'.",)


@pytest.mark.parametrize(
    "raw",
    [
        encoded(CLAIMS),
        json.dumps(CLAIMS).encode(),
        json.dumps({"count": 1, "value": encoded(CLAIMS).decode()}).encode(),
    ],
    ids=["encoded", "decoded", "answer of GitHub"],
)
def test_tokens(raw: bytes) -> None:
    """However a token is kept, the claims are the same; what AWS cannot see is left out."""
    assert read_token(raw + b"\n", "token") == Run(
        name="token",
        subject=MAIN,
        audience="sts.amazonaws.com",
        claims={"ref": "refs/heads/main", "repository_id": "2"},
        complete=True,
        notes=("The signature of the token is not checked.",),
    )


@pytest.mark.parametrize(
    "raw", [b"a.b.c", b"a.!.c", encoded({"sub": MAIN}), b"[]", b"\xff\xfe", b"a.YQ.c"]
)
def test_no_token(raw: bytes) -> None:
    """What is no token is refused without showing it."""
    with pytest.raises(InvalidValue) as refused:
        read_token(raw, "file")

    assert raw.decode("latin-1") not in str(refused.value)


@pytest.mark.parametrize(
    ("wanted", "subject"),
    [
        (Wanted(repo="acme/web", branch="main"), MAIN),
        (Wanted(repo="acme/web", tag="v1"), "repo:acme/web:ref:refs/tags/v1"),
        (Wanted(repo="acme/web", pull_request=True), "repo:acme/web:pull_request"),
        (
            Wanted(repo="acme/web", branch="main", environment="eu:1"),
            "repo:acme/web:environment:eu%3A1",
        ),
        (
            Wanted(repo="acme/web", branch="main", owner_id=1, repo_id=2),
            "repo:acme@1/web@2:ref:refs/heads/main",
        ),
    ],
    ids=["branch", "tag", "pull request", "environment", "ids"],
)
def test_flags(wanted: Wanted, subject: str) -> None:
    """The `sub` is the one that GitHub would issue."""
    assert describe_run(wanted).subject == subject
