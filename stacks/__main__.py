"""The entry point of `deploy-access synth`."""

from deploy_access.commands.last_resort import open_standard_streams

from .cli import main

open_standard_streams()
main(prog_name="deploy-access synth")
