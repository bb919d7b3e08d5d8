"""`deploy-access sandbox`: deploy what was synthesized into an AWS on this machine."""

from __future__ import annotations

from deploy_access.commands.program import program_command

STEPS = ("demo", "synth", "apply", "verify", "attempt", "destroy", "env")

command = program_command("sandbox", extra="sandbox", words=STEPS)
