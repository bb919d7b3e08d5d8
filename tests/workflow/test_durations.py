"""How long a job, its session and each wait in it take."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from deploy_access.workflow.durations import JobDuration, duration_of
from deploy_access.workflow.options import Options

if TYPE_CHECKING:
    from deploy_access.workflow.deployer_reader import DeployerEstate


@pytest.mark.parametrize(
    ("repository", "session", "given", "expected"),
    [
        pytest.param("deploy", 3600, None, (40, 20), id="a service"),
        pytest.param("deploy", 3600, 60, (60, 50), id="a service, with all of its job"),
        # An hour of the deployment group's own waits does not fit into the session.
        pytest.param("shifting", 3600, None, (60, 20), id="CodeDeploy in the usual session"),
        pytest.param("shifting", 14400, None, (100, 20), id="CodeDeploy in a long session"),
        pytest.param("shifting", 14400, 120, (120, 20), id="CodeDeploy, as long as it is told"),
        pytest.param("shifting", 3600, 15, (15, 5), id="CodeDeploy in a short job"),
    ],
)
def test_durations(
    read: DeployerEstate,
    repository: str,
    session: int,
    given: int | None,
    expected: tuple[int, int],
) -> None:
    """The action adds the deployment group's waits to its own, so its own stays short."""
    (found,) = (one for one in read.deployers if any(t.name == repository for t in one.trusted))
    deployer = replace(found, role=replace(found.role, max_session_duration=session))

    minutes, wait = expected
    assert duration_of(deployer, Options.of(minutes=given)) == JobDuration(
        minutes=minutes, seconds=minutes * 60, wait=wait
    )
