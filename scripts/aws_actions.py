# ruff: noqa: INP001 - a script, in no package
"""
Write `deploy_access/iam/aws_actions.json` from the data that npm installed.

Run by hand after the package of that data changed: `.venv/bin/python scripts/aws_actions.py`. Only
names, access levels, resource types and the form of their ARNs are taken, which are facts of AWS's.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "node_modules" / "@cloud-copilot" / "iam-data"
LIST = ROOT / "deploy_access" / "iam" / "aws_actions.json"


def compile_list(package: Path = PACKAGE) -> str:
    """Write the list as JSON, one line a service, so that a change of it can be read."""
    about = json.loads((package / "package.json").read_text("utf-8"))
    names = (path.stem for path in sorted((package / "data/actions").iterdir()))
    services = {name: service for name in names if (service := _service(package / "data", name))}
    lines = [
        f"{json.dumps(name)}: {json.dumps(service, separators=(',', ':'))}"
        for name, service in services.items()
    ]
    head = json.dumps({"date": about["updatedAt"][:10], "source": _source(about)})
    return f'{head[:-1]}, "services": {{\n' + ",\n".join(lines) + "\n}}\n"


def _source(about: dict[str, str]) -> str:
    return f"{about['name']} {about['version']}, from AWS's Service Authorization Reference"


def _service(data: Path, name: str) -> dict[str, object]:
    """
    Sort the actions of a service by level and by the resource types that they take.

    The names of one level and of the same types are one text with spaces between them: a service
    is read in a fraction of the time that a list of texts takes.
    """
    actions = json.loads((data / "actions" / f"{name}.json").read_text("utf-8"))
    found: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for action in actions.values():
        # Of two words, such as `Tagging, Write`, the first is the narrower.
        level = action["accessLevel"].split(",")[0].lower()
        types = ",".join(sorted({kind["name"] for kind in action["resourceTypes"]}))
        found[level][types].append(action["name"])
    if not found:
        return {}
    levels = {
        level: {types: " ".join(sorted(names)) for types, names in sorted(by_types.items())}
        for level, by_types in sorted(found.items())
    }
    return {"arns": _arns(data / "resourceTypes" / f"{name}.json", name), "levels": levels}


def _arns(path: Path, service: str) -> dict[str, str]:
    """
    List the ARNs of the resource types as patterns, without the beginning that most have.

    A type of several ARNs has them with a `, ` between them, as AWS publishes it.
    """
    types: dict[str, dict[str, str]] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    usual = f"arn:*:{service}:*:*:"
    return {
        kind["key"]: re.sub(r"\$?\{[^{}]+\}", "*", kind["arn"]).removeprefix(usual)
        for _, kind in sorted(types.items())
    }


if __name__ == "__main__":
    LIST.write_text(compile_list(), "utf-8")
