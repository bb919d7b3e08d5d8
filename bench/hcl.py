"""`audit` on 300 files of HCL: `python -m bench.hcl` measures nothing else."""

from collections.abc import Callable
from pathlib import Path

from rich.table import Table

from bench.big_inputs import HOST, PROVIDER
from bench.measure import Measurement
from bench.one_audit import measure_audit, verdict_table
from bench.report import print_alone

FILES, LINES = 300, 200

# A role as people write one, between two blocks that say nothing about access.
_ROLE = """\
# The role of service {n}
resource "aws_iam_role" "web{n}" {{
  name               = "web-{n}-${{var.env}}"
  assume_role_policy = data.aws_iam_policy_document.trust{n}.json
  tags               = merge(local.tags, {{ Name = "web-{n}" }})
}}

data "aws_iam_policy_document" "trust{n}" {{
  statement {{
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {{
      type        = "Federated"
      identifiers = ["{provider}"]
    }}
    condition {{
      test     = "StringEquals"
      variable = "{host}:aud"
      values   = ["sts.amazonaws.com"]
    }}
    condition {{
      test     = "StringEquals"
      variable = "{host}:sub"
      values   = ["repo:acme@1/web{n}@2:environment:${{var.env}}"]
    }}
  }}
}}

resource "aws_security_group" "web{n}" {{
  vpc_id = aws_vpc.main.id
  dynamic "ingress" {{
    for_each = [80, 443]
    content {{
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["10.0.0.0/8"]
    }}
  }}
}}
"""
_SHARED = 'variable "env" { default = "dev" }\nlocals {\n  tags = { Team = "web" }\n}\n'


def measure_hcl(folder: Path, say: Callable[[str], None]) -> Measurement:
    """Audit a folder of files."""
    place = folder / "infra"
    place.mkdir()
    (place / "shared.tf").write_text(_SHARED, "utf-8")
    in_one = LINES // _ROLE.count("\n")
    for file in range(FILES):
        numbers = range(file * in_one, (file + 1) * in_one)
        roles = (_ROLE.format(n=number, host=HOST, provider=PROVIDER) for number in numbers)
        (place / f"web{file}.tf").write_text("\n".join(roles), "utf-8")
    say(f"audit of {FILES} files of HCL")
    return measure_audit(place)


def hcl_table(found: Measurement) -> Table:
    """Return the table of one measurement with its verdict."""
    return verdict_table(f"`audit` of {FILES} files of {LINES} lines of HCL", found)


if __name__ == "__main__":
    print_alone(measure_hcl, hcl_table)
