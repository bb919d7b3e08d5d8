"""What is said where an extra is not installed, without loading what it brings."""

from __future__ import annotations

import subprocess
import sys

import pytest

from deploy_access.errors import MissingExtra
from deploy_access.extras import require_extra


@pytest.mark.parametrize("name", ["constructs", "sandbox"])
def test_an_installed_extra_is_not_loaded(name: str) -> None:
    """To look for an extra takes no time."""
    code = f"import sys, deploy_access.extras as e; e.require_extra({name!r}); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert {"cdktf", "jsii", "moto", "boto3", "pydantic", "rich"} & {*run.stdout.split()} == set()


def test_a_missing_module_is_one_error() -> None:
    """It says what to install, and is also the error of Python's own import."""
    with pytest.raises(ModuleNotFoundError) as caught:
        require_extra("constructs", "no_such_provider")

    assert isinstance(caught.value, MissingExtra)
    assert (caught.value.extra, caught.value.name) == ("constructs", "no_such_provider")
    assert str(caught.value) == (
        "The extra `constructs` of deploy-access is not installed. "
        "Got 'no module no_such_provider'. "
        "`deploy-access` alone is the command that reads and writes files. "
        'Install it: pip install "deploy-access[constructs]"'
    )
