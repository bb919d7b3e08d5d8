"""
The program that is measured: `python -m bench.program STACKS FOLDER`.

It prints how often it asked Node.
"""

import sys

# isort: off
from bench.estate import (
    fill,
)  # the constructs before `cdktf`: they choose the Node that jsii starts
from cdktf import App, TerraformStack
# isort: on

from bench.outputs import stack_name
from bench.round_trips import counted_round_trips


def main() -> None:
    """Synthesize as many stacks as the command line says."""
    count, folder = int(sys.argv[1]), sys.argv[2]
    with counted_round_trips() as round_trips:
        app = App(outdir=folder)
        for number in range(count):
            name = stack_name(number)
            fill(TerraformStack(app, name), name)
        app.synth()
        print(round_trips())


if __name__ == "__main__":
    main()
