"""Synthesize `environments.toml` into `cdktf.out`: one Terraform configuration a stack."""

import sys
from pathlib import Path

from deploy_access.errors import DeployAccessError


def main() -> None:
    """Read, build, synthesize."""
    # Not at the top: Node starts here, and what keeps it from that ends as one line, too.
    from stacks.stack_builder import build_stacks  # isort: skip - before cdktf: it makes Node start fast
    from cdktf import App

    from stacks.environments_file import load_estate
    from stacks.output_folder import chosen_folder, replacing
    from stacks.synthesis import synthesize

    estate = load_estate(Path(__file__).with_name("environments.toml"))
    with replacing(chosen_folder()) as draft:
        app = App(outdir=str(draft))
        build_stacks(app, estate)
        synthesize(app, estate.file, locks=Path(__file__).with_name("locks"))


if __name__ == "__main__":
    try:
        main()
    except DeployAccessError as error:
        sys.exit(str(error))
