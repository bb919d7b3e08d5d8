# ruff: noqa: INP001 - a script, in no package
"""
Write `deploy_access/iam/aws_managed_policies.json` from the data that moto has.

Run by hand after moto changed: `.venv/bin/python scripts/aws_managed_policies.py`. Only names and
paths are taken, which are facts of AWS's; moto reads them from IAM itself.

Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import cast

from moto.iam.aws_managed_policies import aws_managed_policies_data

LIST = Path(__file__).parent.parent / "deploy_access" / "iam" / "aws_managed_policies.json"
# IAM attaches these to service-linked roles only, which nobody else makes.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
SERVICE_LINKED = "aws-service-role/"


def compile_list() -> str:
    """Write the list as JSON, one name a line, so that a change of it can be read."""
    policies = cast("dict[str, dict[str, str]]", json.loads(aws_managed_policies_data))
    names = sorted(f"{each['Path'].lstrip('/')}{name}" for name, each in policies.items())
    changed = max(each.get("UpdateDate") or each["CreateDate"] for each in policies.values())
    head = json.dumps({"date": changed[:10], "source": f"moto {version('moto')}, from IAM"})
    lines = [json.dumps(name) for name in names if not name.startswith(SERVICE_LINKED)]
    return f'{head[:-1]}, "names": [\n' + ",\n".join(lines) + "\n]}\n"


if __name__ == "__main__":
    LIST.write_text(compile_list(), "utf-8")
