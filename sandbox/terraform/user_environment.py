"""
The environment for programs that the user starts: `cdktf deploy`, the AWS CLI, a script.
"""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from ..server.child_environment import terraform_environment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ..server.aws_session import SessionKeys
    from ..server.working_folder import WorkingFolder

# `cdktf` runs Terraform in the folder of each stack, all with one environment. A stack that assumes
# no role needs the keys of its own account, so a script in Terraform's place looks where it stands.
_SCRIPT = """\
#!/bin/sh
keys={folder}/"${{PWD##*/}}"
if [ -f "$keys" ]; then export AWS_SHARED_CREDENTIALS_FILE="$keys"; fi
exec {terraform} "$@"
"""


def visitor_environment(
    folder: WorkingFolder, *, endpoint: str, terraform: Path, keys: Mapping[str, SessionKeys]
) -> dict[str, str]:
    """
    Return the environment, and write what it names: keys by stack and the script around Terraform.

    The home directory is the caller's, for the caches of Node and of CDKTF in it. The settings of
    AWS and of Terraform that are in it are replaced by variables.
    """
    credentials = folder.root.resolve() / "credentials"
    credentials.mkdir(exist_ok=True)
    for stack, found in keys.items():
        (credentials / stack).write_text(found.credentials_file(), encoding="utf-8")
    environment = terraform_environment(
        folder, endpoint=endpoint, credentials=credentials / next(iter(keys))
    )
    return {
        **environment,
        "HOME": os.environ.get("HOME", environment["HOME"]),
        "TERRAFORM_BINARY_NAME": str(_write_script(folder, credentials, terraform)),
    }


def _write_script(folder: WorkingFolder, credentials: Path, terraform: Path) -> Path:
    script = folder.root.resolve() / "terraform"
    text = _SCRIPT.format(
        folder=shlex.quote(str(credentials)), terraform=shlex.quote(str(terraform))
    )
    script.write_text(text, encoding="utf-8")
    script.chmod(0o755)
    return script
