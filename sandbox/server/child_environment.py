"""
The environment of every program that the sandbox starts: built anew, never inherited.

An inherited `AWS_ENDPOINT_URL_STS` or `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` would send a run to the
real AWS, and `TF_CLI_ARGS` or `TF_VAR_…` would change what it does. So only a few harmless names
pass, and whatever is left in the stack itself runs into a proxy that is not there.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .working_folder import WorkingFolder

PASSED = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR")

# Port 9 is the discard service: nothing listens there. Requests to 127.0.0.1 use no proxy.
NOWHERE = "http://127.0.0.1:9"
LOCAL = "127.0.0.1,localhost"

# What the app may still get from its caller when it is synthesized.
DROPPED_PREFIXES = ("AWS_", "TF_")


def child_environment(folder: WorkingFolder) -> dict[str, str]:
    """
    Return an environment without identity or settings, in which only this machine is reached.
    """
    # Proxies in both spellings: which of them a program reads differs from library to library.
    passed = {name: os.environ[name] for name in PASSED if name in os.environ}
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), NOWHERE)
    return {
        **passed,
        **proxies,
        "NO_PROXY": LOCAL,
        "no_proxy": LOCAL,
        "HOME": str(folder.home.resolve()),
        **_no_identity(folder.empty.resolve()),
        "CHECKPOINT_DISABLE": "1",
    }


def terraform_environment(
    folder: WorkingFolder, *, endpoint: str, credentials: Path
) -> dict[str, str]:
    """
    Return the environment of Terraform and its provider: the moto server is all of AWS.
    """
    return {
        **child_environment(folder),
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_SHARED_CREDENTIALS_FILE": str(credentials.resolve()),
        "TF_CLI_CONFIG_FILE": str(folder.terraform_config.resolve()),
        "TF_IN_AUTOMATION": "1",
        "TF_INPUT": "0",
    }


def app_environment(*, programs: Path, out: Path | None) -> dict[str, str]:
    """
    Return the environment for synthesis: the caller's, without any AWS identity.

    The app is the user's own program and may read variables of its own; *programs* is where its
    Python lies, so that `python main.py` works without an activated virtual environment.
    """
    passed = {
        name: value for name, value in os.environ.items() if not name.startswith(DROPPED_PREFIXES)
    }
    path = os.pathsep.join([str(programs), passed.get("PATH", os.defpath)])
    chosen = {"CDKTF_OUTDIR": str(out)} if out else {}
    return {**passed, **_no_identity(Path(os.devnull)), "PATH": path, **chosen}


def search_environment(overrides: Mapping[str, str]) -> dict[str, str]:
    """
    Return the environment in which Terraform looks for its provider.

    This one may use the caller's home, proxies and certificates: it asks the registry, never AWS,
    and runs on a folder that holds nothing but the name of the provider.
    """
    passed = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(DROPPED_PREFIXES) or name.startswith("TF_TOKEN_")
    }
    return {**passed, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", **overrides}


def _no_identity(empty: Path) -> dict[str, str]:
    return {
        "AWS_CONFIG_FILE": str(empty),
        "AWS_SHARED_CREDENTIALS_FILE": str(empty),
        "AWS_EC2_METADATA_DISABLED": "true",
    }
