"""
What the steps of the actions call: `python3 .github/actions/scripts COMMAND`.

The actions are checked out with the whole repository, so they share the parts of the command that
need the standard library only.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[3]))

if __name__ == "__main__":
    from commands import main

    sys.exit(main(sys.argv[1:]))
