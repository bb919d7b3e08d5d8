"""Claims of a run that is described, each said by one flag."""

from __future__ import annotations

import pytest

from deploy_access.errors import InvalidValue
from deploy_access.github.claim_flags import flag_for, read_claims
from deploy_access.github.flags import Wanted, describe_run


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("actor", "`--claim actor=octocat`"),
        ("actor=", "`--claim actor=octocat`"),
        ("=x", "`--claim actor=octocat`"),
        ("ref=refs/heads/main", "`--branch NAME`"),
        ("environment=prod", "`--environment NAME`"),
        ("job_workflow_ref=a", "`--workflow-ref "),
        ("repository=a/b", "`--repo OWNER/NAME`"),
        ("sub=x", "`--repo OWNER/NAME`"),
        ("aud=x", "`--audience AUDIENCE`"),
        ("iss=x", "`--issuer URL`"),
        ("actr=x", "Did you mean 'actor'?"),
        ("email=x", "GitHub's tokens have no claim of that name."),
        ("repository_id=3", "said twice"),
    ],
)
def test_refused(given: str, says: str) -> None:
    """What says no claim, or one that another flag says, is refused with what to do."""
    with pytest.raises(InvalidValue) as refused:
        read_claims([given], ["repository_id"])

    assert says in str(refused.value)
    assert repr(given) in str(refused.value)


def test_values() -> None:
    """All behind the first `=` is the value; one claim has one value."""
    assert read_claims(["workflow=a=b", "repo_property_team=x"], []) == {
        "workflow": "a=b",
        "repo_property_team": "x",
    }
    with pytest.raises(InvalidValue, match="said twice"):
        read_claims(["workflow=a", "workflow=b"], [])


def test_claims_without_a_condition_key() -> None:
    """A claim that AWS has no key for is for templates alone, as no condition can see it."""
    given = ("event_name=push", "actor=octocat")
    keys = ("repo", "event_name", "actor")

    run = describe_run(Wanted(repo="acme/web", branch="main", claim=given, claim_keys=keys))

    assert run.subject == "repo:acme/web:event_name:push:actor:octocat"
    assert run.claims["actor"] == "octocat"
    assert "event_name" not in run.claims


def test_the_owner_is_known() -> None:
    """The owner is a part of the repository's name, so it is not said twice."""
    with pytest.raises(InvalidValue, match="said twice"):
        describe_run(Wanted(repo="acme/web", branch="main", claim=("repository_owner=other",)))


def test_other_claims() -> None:
    """A claim without a flag of its own has the general one."""
    assert flag_for("actor") == "--claim actor=VALUE"
