"""Synthesize `environments.toml` into `cdktf.out`: one Terraform configuration a stack."""

import sys
from pathlib import Path

from deploy_access.errors import DeployAccessError


def main() -> None:
    """Read, build, synthesize."""
    # Not at the top: Node starts here, and what keeps it from that ends as one line, too.
    from stacks.app import synthesize_file

    synthesize_file(Path(__file__).with_name("environments.toml"))


if __name__ == "__main__":
    try:
        main()
    except DeployAccessError as error:
        sys.exit(str(error))
