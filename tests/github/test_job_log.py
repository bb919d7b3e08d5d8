"""The log of a job, in the forms in which people have it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy_access.github.job_log import read_job_log

ROLE = "arn:aws:iam::111122223333:role/web-deploy"
PAGE = f"""Syncing repository: acme/web
Run aws-actions/configure-aws-credentials@v5
  with:
    role-to-assume: {ROLE}
    aws-region: eu-central-1
    audience: sts.amazonaws.com
    role-duration-seconds: 7200
Error: Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity
"""


def raw(page: str) -> str:
    """Return the log as `GET /actions/jobs/ID/logs` gives it: each line with its time."""
    lines = page.replace("Error: ", "##[error]").replace("Run ", "##[group]Run ").splitlines()
    return "\ufeff" + "\r\n".join(f"2026-11-28T10:00:00.1234567Z {line}" for line in lines)


def printed(page: str) -> str:
    """Return the log as `gh run view --log` prints it: job, step and time before each line."""
    return "\n".join(f"deploy\tSign in\t{line}" for line in raw(page).split("\r\n"))


def coloured(page: str) -> str:
    """Return the log with the colours of a terminal."""
    return "\n".join(f"\x1b[36;1m{line}\x1b[0m" for line in page.splitlines())


@pytest.mark.parametrize("form", [str, raw, printed, coloured])
def test_forms(form: type[str]) -> None:
    """Each form says the same."""
    log = read_job_log(form(PAGE))

    assert (log.role, log.audience, log.duration, log.repository) == (
        ROLE,
        "sts.amazonaws.com",
        7200,
        "acme/web",
    )
    assert "Not authorized to perform sts:AssumeRoleWithWebIdentity" in log.text


def test_the_last_sign_in_counts() -> None:
    """A job that signs in twice failed at the second role: after the first it went on."""
    assert read_job_log(PAGE + PAGE.replace("web-deploy", "web-push")).role == ROLE.replace(
        "web-deploy", "web-push"
    )


def test_a_secret() -> None:
    """A role that is a secret is not shown, so it is not known."""
    assert read_job_log(PAGE.replace("111122223333", "***")).role is None


def test_red_lines_alone() -> None:
    """The red line alone says none of it."""
    log = read_job_log(PAGE.splitlines()[-1])

    assert (log.role, log.audience, log.duration, log.repository) == (None, None, None, None)


@given(st.text())
def test_any_text(text: str) -> None:
    """No text is refused here."""
    assert read_job_log(text).duration is None
