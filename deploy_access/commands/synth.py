"""`deploy-access synth`: write `cdktf.out` from `environments.toml`."""

from __future__ import annotations

from deploy_access.commands.program import program_command

command = program_command("stacks", extra="constructs")
