"""Whatever the files hold, the command answers with findings or with one line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from explain_cases import HOST, MAIN, PROVIDER, event, policy, role_answer, statement
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploy_access.cli import main

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

_WORDS = st.sampled_from(
    [
        *["Version", "Statement", "Effect", "Allow", "Deny", "Principal", "Federated", "Action"],
        *["Condition", "StringEquals", "StringLike", "Null", "ForAllValues:StringLike", "Role"],
        *["RoleName", "Arn", "AssumeRolePolicyDocument", "userIdentity", "userName", "Records"],
        *["principalId", "identityProvider", "eventName", "AssumeRoleWithWebIdentity", "Events"],
        *["CloudTrailEvent", "requestParameters", "roleArn", "resources", "errorCode", "value"],
        *["iss", "sub", "aud", MAIN, PROVIDER, f"{HOST}:sub", f"{HOST}:iss", "${aws_x.y.arn}"],
        *["repo:*", "repo:acme@1/web@2:environment:a:b", "repo:acme/web:ref:main", "", "\x1b[2J"],
    ]
)
_TEXTS = st.one_of(_WORDS, st.text(max_size=8))
_LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), _TEXTS)
ANY = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(_TEXTS, inner, max_size=4)
    ),
    max_leaves=12,
)
_STATEMENTS = st.dictionaries(_WORDS, ANY, max_size=3).map(lambda found: statement(**found))
POLICIES = st.one_of(
    ANY,
    st.lists(st.one_of(ANY, _STATEMENTS), max_size=3).map(lambda found: {"Statement": found}),
    ANY.map(lambda found: role_answer(policy(statement(Condition=found)))),
)
EVENTS = st.one_of(ANY, st.dictionaries(_WORDS, ANY, max_size=4).map(lambda found: event(**found)))
BYTES = st.one_of(st.binary(max_size=40), st.just(b"[" * 100_000), st.just(b'{"a":' * 5_000))
FAST = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def run(tmp_path: Path, source: str, run_bytes: bytes, policy_bytes: bytes) -> Result:
    """Run the command with two files."""
    (tmp_path / "run").write_bytes(run_bytes)
    (tmp_path / "policy").write_bytes(policy_bytes)
    options = [source, str(tmp_path / "run"), "--policy", str(tmp_path / "policy")]
    return CliRunner().invoke(main, ["explain", *options])


def check(result: Result) -> None:
    """See that it answered, or said in one line why it does not."""
    assert result.exit_code in {0, 1, 10}, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    assert "\x1b" not in result.output
    if result.exit_code == 1:
        assert result.stdout == ""
        assert result.stderr.startswith("fatal: ")
        assert result.stderr.count("\n") == 1


def dumped(content: object) -> bytes:
    """Write JSON, in ASCII."""
    return json.dumps(content).encode()


@FAST
@given(found=EVENTS)
def test_any_event(tmp_path: Path, found: object) -> None:
    """Whatever an event holds, the command answers."""
    check(run(tmp_path, "--event", dumped(found), dumped(policy(statement()))))


@FAST
@given(found=POLICIES)
def test_any_policy(tmp_path: Path, found: object) -> None:
    """Whatever a policy holds, the command answers."""
    check(run(tmp_path, "--event", dumped(event()), dumped(found)))


@FAST
@given(found=st.one_of(BYTES, ANY.map(dumped)), source=st.sampled_from(["--event", "--token"]))
def test_any_bytes(tmp_path: Path, found: bytes, source: str) -> None:
    """Whatever bytes the run or the policy is, the command answers."""
    check(run(tmp_path, source, found, dumped(policy(statement()))))
    check(run(tmp_path, "--event", dumped(event()), found))


@FAST
@given(sub=_TEXTS, aud=ANY, iss=_TEXTS, condition=st.dictionaries(_WORDS, ANY, max_size=2))
def test_any_claims(
    tmp_path: Path, sub: str, aud: object, iss: str, condition: dict[str, object]
) -> None:
    """Whatever the claims are, the command answers."""
    token = dumped({"sub": sub, "aud": aud, "iss": iss, "ref": condition})
    trust = dumped(policy(statement(Condition={"StringLike": condition})))

    check(run(tmp_path, "--token", token, trust))


def test_keys_that_are_there_twice(tmp_path: Path) -> None:
    """A key twice is said, and the last one counts."""
    trust = json.dumps(policy(statement())).replace('"Effect"', '"Effect": "Deny", "Effect"')

    result = run(tmp_path, "--event", dumped(event(errorCode=None)), trust.encode())

    assert result.exit_code == 0
    assert "A key stands twice in one object" in result.stdout


@pytest.mark.parametrize("what", ["values", "value", "statements", "events", "roles"])
def test_ten_megabytes(tmp_path: Path, what: str) -> None:
    """Ten megabytes are answered, whatever they are made of."""
    name, seen = f"{MAIN}-a", [event()]
    trust = policy(statement())
    if what == "values":
        trust = policy(statement(Condition={"StringEquals": {f"{HOST}:sub": [name] * 280_000}}))
    elif what == "value":
        trust = policy(statement(Condition={"StringEquals": {f"{HOST}:sub": name * 300_000}}))
    elif what == "statements":
        trust = policy(*[statement()] * 30_000)
    elif what == "roles":
        trust = {"Roles": [role_answer(trust, f"web-{n}")["Role"] for n in range(18_000)]}
    else:
        seen = [event(eventID=str(number), errorCode=str(number)) for number in range(20_000)]
    files = dumped({"Records": seen}), dumped(trust)

    result = run(tmp_path, "--event", *files)

    check(result)
