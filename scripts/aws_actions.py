# ruff: noqa: INP001 - a script, in no package
"""
Write `deploy_access/review/aws_actions.json` from the data that npm installed.

Run by hand after the package of that data changed: `.venv/bin/python scripts/aws_actions.py`. Only
the names and the access levels are taken, which are facts of AWS's.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "node_modules" / "@cloud-copilot" / "iam-data"
LIST = ROOT / "deploy_access" / "review" / "aws_actions.json"


def compile_list(package: Path = PACKAGE) -> str:
    """Write the list as JSON, one line a service, so that a change of it can be read."""
    about = json.loads((package / "package.json").read_text("utf-8"))
    services = {path.stem: _levels(path) for path in sorted((package / "data/actions").iterdir())}
    lines = [
        f"{json.dumps(name)}: {json.dumps(levels, separators=(',', ':'))}"
        for name, levels in services.items()
        if levels
    ]
    head = json.dumps({"date": about["updatedAt"][:10], "source": _source(about)})
    return f'{head[:-1]}, "services": {{\n' + ",\n".join(lines) + "\n}}\n"


def _source(about: dict[str, str]) -> str:
    return f"{about['name']} {about['version']}, from AWS's Service Authorization Reference"


def _levels(path: Path) -> dict[str, list[str]]:
    """Sort the actions of a service by level; the narrower of two words is the level."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for action in json.loads(path.read_text("utf-8")).values():
        found[action["accessLevel"].split(",")[0].lower()].append(action["name"])
    return {level: sorted(names) for level, names in sorted(found.items())}


if __name__ == "__main__":
    LIST.write_text(compile_list(), "utf-8")
