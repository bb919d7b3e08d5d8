"""Judges that are not ours find nothing in any workflow, whatever the options are."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from rendering import REPOSITORIES, judge
from workflow_estate import CALLED, CALLED_REF

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.slow

COMMIT = "3d3c42e5aac5ba805825da76410c181273ba90b1"
NAMES = st.sampled_from(
    ["web", "it's a name", 'with "quotes"', "a: b # c", "- x", "*", "ünï", "on"]
)
FREE: dict[str, Any] = {
    "dispatch": st.booleans(),
    "variables": st.booleans(),
    "container": st.dictionaries(st.sampled_from(["", "web"]), NAMES),
    "task_definition": st.dictionaries(st.sampled_from(["", "web"]), NAMES),
    "migration": st.dictionaries(st.sampled_from(["", "web"]), NAMES),
    "appspec": st.none() | NAMES,
    "context": st.none() | NAMES,
    "dockerfile": st.none() | NAMES,
    "platforms": st.sampled_from([(), ("linux/arm64",), ("linux/amd64", "linux/arm64")]),
    "subnets": st.sampled_from([(), ("subnet-1", "subnet-2")]),
    "security_groups": st.sampled_from([(), ("sg-1",)]),
    "launch_type": st.sampled_from([None, "EC2"]),
    "public_ip": st.booleans(),
    "container_port": st.none() | st.integers(1, 65535),
    "runs_on": st.sampled_from([(), ("aws",), ("self-hosted", "linux"), ("group=a b", "x64")]),
    "paths": st.sampled_from([(), ("src/**", "!docs/**")]),
    "minutes": st.none() | st.integers(1, 60),
}
SHARED: list[dict[str, Any]] = [
    {},
    {"composite": True},
    {"reusable": CALLED_REF},
    {"reusable": f"{CALLED}@{COMMIT}"},
    {"reusable": "acme/deploy/.github/workflows/own.yml@refs/heads/main"},
]


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="defaults"),
        pytest.param({"cache": True}, id="cache"),
        pytest.param({"variables": True, "composite": True}, id="variables"),
        pytest.param({"reusable": CALLED_REF}, id="called"),
        pytest.param({"release": True}, id="release"),
    ],
)
def test_every_kind(
    rendered: Callable[..., dict[str, str]], options: dict[str, Any], tmp_path: Path
) -> None:
    """Nothing is found in any kind of workflow."""
    files = rendered(**options)

    assert judge(files, tmp_path) == []


def test_every_kind_is_rendered(rendered: Callable[..., dict[str, str]]) -> None:
    """Without options there is a workflow for every kind, so the test above has read them all."""
    files = rendered()

    assert {name.partition("/")[0] for name in files} == set(REPOSITORIES)


@settings(max_examples=6, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(options=st.fixed_dictionaries({}, optional=FREE), shared=st.sampled_from(SHARED))
def test_every_combination(
    rendered: Callable[..., dict[str, str]], options: dict[str, Any], shared: dict[str, Any]
) -> None:
    """Nothing is found whatever is asked for, however things are called."""
    files = rendered(**options, **shared)

    assert files
    with TemporaryDirectory() as folder:
        assert judge(files, Path(folder)) == []
