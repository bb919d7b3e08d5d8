"""The script of checks: it runs, its calls are those of AWS's model, and no name runs anything."""

from __future__ import annotations

import json
import os
import subprocess
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

import pytest
from click.testing import CliRunner
from review_sides import policy, stack

from deploy_access.cli import main
from deploy_access.visible_text import is_visible

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]

# Writes down how it is called, as the AWS CLI would be.
AWS = """\
#!/bin/sh
for word in "$@"; do printf '%s\\0' "$word"; done >> "$CALLS"
echo >> "$CALLS"
"""
HOSTILE = [
    "'; touch hacked; '",
    "$(touch hacked)",
    "`touch hacked`",
    "a\ntouch hacked",
    "a\rtouch hacked",
    "\\",
    "'\\''",
    "\u2028touch hacked\u202e",
    "file:///etc/passwd",
    "\x00",
    "é🌈",
]
NOTHING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}],
}


def allow(*actions: str, **more: Any) -> Json:
    """Return a policy as an object."""
    return json.loads(policy(*actions, **more))


def role(name: str = "deploy", *policies: Json, **more: Any) -> Json:
    """Write a role with inline policies."""
    inline = [{"name": f"p{n}", "policy": json.dumps(one)} for n, one in enumerate(policies)]
    trust = {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    body = {"name": name, "assume_role_policy": document, "inline_policy": inline, **more}
    return stack({"aws_iam_role": {"R": body}})


def script(tmp_path: Path, base: Json, head: Json) -> str:
    """Return what the command prints."""
    for name, content in (("base", base), ("head", head)):
        (tmp_path / f"{name}.tf.json").write_text(json.dumps(content), "utf-8")
    paths = [str(tmp_path / f"{name}.tf.json") for name in ("base", "head")]
    done = CliRunner().invoke(main, ["review", *paths, "--format", "access-analyzer"])
    assert done.exit_code == 0, done.output
    return done.stdout


def run(text: str, tmp_path: Path) -> list[Json]:
    """Run the script, and return its calls as AWS's service gets them."""
    (tmp_path / "bin").mkdir()
    aws, calls = tmp_path / "bin/aws", tmp_path / "calls"
    aws.write_text(AWS)
    aws.chmod(0o755)
    calls.touch()
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"
    done = subprocess.run(
        ["/bin/sh", "-eu"],
        input=text,
        env={"PATH": path, "CALLS": str(calls)},
        cwd=tmp_path,
        text=True,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not (tmp_path / "hacked").exists()
    return [call(line.split("\0")[:-1]) for line in calls.read_text("utf-8").splitlines()]


def call(words: list[str]) -> Json:
    """Read one call, and check it against the model of the service."""
    assert words[:2] == ["accessanalyzer", "check-no-new-access"]
    names = ("policyType", "existingPolicyDocument", "newPolicyDocument")
    assert words[2::2] == ["--policy-type", "--existing-policy-document", "--new-policy-document"]
    found = dict(zip(names, words[3::2], strict=True))
    # Without their types, which the package does not have.
    session = cast("Any", import_module("botocore.session")).get_session()
    model = session.get_service_model("accessanalyzer")
    shape = model.operation_model("CheckNoNewAccess").input_shape
    validator = cast("Any", import_module("botocore.validate")).ParamValidator()
    assert not validator.validate(found, shape).has_errors()
    assert found["policyType"] in shape.members["policyType"].enum
    documents = {name: json.loads(found[name]) for name in names[1:]}
    return {"type": found["policyType"], **documents}


def test_a_role_that_may_do_more(tmp_path: Path) -> None:
    """Both documents are whole, and what did not change is not checked."""
    before, after = allow("s3:GetObject"), allow("s3:*")

    assert run(script(tmp_path, role("deploy", before), role("deploy", after)), tmp_path) == [
        {
            "type": "IDENTITY_POLICY",
            "existingPolicyDocument": before,
            "newPolicyDocument": after,
        }
    ]


def test_a_new_role(tmp_path: Path) -> None:
    """It is compared with documents that allow nothing: who may assume it, and what it may do."""
    trust, permissions = run(script(tmp_path, stack({}), role("deploy", allow("*"))), tmp_path)

    assert trust["type"] == "RESOURCE_POLICY"
    assert trust["existingPolicyDocument"] == {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "sts:*"}],
    }
    assert permissions["existingPolicyDocument"] == NOTHING


def test_several_policies_of_a_role(tmp_path: Path) -> None:
    """They are one document, in which no Sid stands twice."""
    one, other = allow("s3:GetObject", Sid="A"), allow("s3:PutObject", Sid="A")
    [found] = run(script(tmp_path, role("deploy", one), role("deploy", one, other)), tmp_path)

    assert found["newPolicyDocument"]["Statement"] == [
        {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*"},
        {"Effect": "Allow", "Action": ["s3:PutObject"], "Resource": "*"},
    ]


def test_what_two_documents_cannot_say(tmp_path: Path) -> None:
    """A boundary, a policy that is not there and a value of Terraform's are named in comments."""
    arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    wide = allow("s3:*", resource="${aws_s3_bucket.B.arn}")
    head = role("deploy", wide, managed_policy_arns=[arn], permissions_boundary=arn)
    text = script(tmp_path, role("deploy"), head)

    assert "# The boundary is left out" in text
    assert f"# The policy {arn} is not among the files" in text
    assert "# Fill in what Terraform makes of aws_s3_bucket.B.arn." in text
    assert len(run(text, tmp_path)) == 1


def test_nothing(tmp_path: Path) -> None:
    """Without a difference there is no call, and the script says so."""
    text = script(tmp_path, role("deploy"), role("deploy"))

    assert "# Nothing to check." in text
    assert run(text, tmp_path) == []


def test_a_document_that_no_command_takes(tmp_path: Path) -> None:
    """It is said, in place of a call that the system would refuse."""
    head = role("deploy", allow(*(f"s3:{n:0>100}" for n in range(1500))))
    text = script(tmp_path, role("deploy"), head)

    assert "# The document is too long for a command" in text
    assert run(text, tmp_path) == []


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_runs_nothing(name: str, tmp_path: Path) -> None:
    """A name of a role, of a policy or of a resource stays in its comment or its document."""
    after = allow(f"s3:{name}", resource=f"arn:aws:s3:::{name}", Sid=name)
    text = script(tmp_path, stack({}), role(name, after))

    assert [line for line in text.splitlines() if not is_visible(line)] == []
    assert run(text, tmp_path)[-1]["newPolicyDocument"] == after
