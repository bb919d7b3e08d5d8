"""
AWS in trouble in the middle of an apply: retried, or a clear failure; then a re-run is clean.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
from aws_faults import Fault, Faults
from kill_moments import BUCKET, backend, read_moment, whole_stack
from operations_page import is_part_shown
from sandbox_estates import NONPROD, PROD, Json, write_out

from sandbox import Sandbox, StepFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.wrappers import Request, Response

    from sandbox.verify.verification import Verification

pytestmark = pytest.mark.terraform

MADE = ("CreateRole", "CreateRepository", "PutRolePolicy")
STATE = ("read state", "write state")
# What AWS makes and deletes, as opposed to what is a setting of it.
THINGS = ("Role", "Policy", "OpenIDConnectProvider", "Repository")

# Met, retried by the provider and the backend, and never seen.
RETRIED = {
    "throttled": Fault(calls=MADE, code="Throttling", times=2),
    "throttled-by-ecr": Fault(calls=("CreateRepository",), code="ThrottlingException", times=2),
    "too-many": Fault(calls=MADE, code="TooManyRequestsException", status=429),
    "throttled-state": Fault(calls=STATE, code="SlowDown", status=503),
    "broken": Fault(calls=(*MADE, *STATE), code="InternalFailure", status=500),
    "slow": Fault(calls=(*MADE, *STATE), seconds=2),
}
# Met until Terraform gives up.
FAILED = {
    "gone": Fault(calls=("CreateRepository",), code="ServiceUnavailable", status=503, onwards=True),
    "gone-after-the-role": Fault(
        calls=("GetRole",), code="ServiceUnavailable", status=503, onwards=True
    ),
    "expired": Fault(calls=("PutRolePolicy",), code="ExpiredToken", status=403, onwards=True),
    "lost-answer": Fault(
        calls=("CreateRepository",), code="InternalFailure", status=500, is_done=True
    ),
    "throttled-on": Fault(calls=("CreateRole",), code="Throttling", times=99),
}
WRONG_ACCOUNT = "wrong-account"


@dataclass(frozen=True, kw_only=True)
class Troubled:
    """
    What became of each stack.

    Attributes:
        said: What the run failed with, or an empty text.
        met: How often each call was met by the fault.
        verified: What is found after the next apply.
        made: How often each thing was made and not replaced by another.
        objects: What is in the bucket of the states at the end.
    """

    said: dict[str, str]
    met: dict[str, Counter[str]]
    verified: Verification
    made: Counter[tuple[str, str]]
    objects: set[str]


def impatient(name: str) -> Json:
    """
    Return a stack whose provider and backend give up soon.
    """
    document = whole_stack(name)
    (configuration,) = document["provider"]["aws"]
    state = {"s3": {**backend(name)["s3"], "max_retries": 2}}
    return {
        **document,
        "provider": {"aws": [{**configuration, "max_retries": 3}]},
        "terraform": {**document["terraform"], "backend": state},
    }


def said_by(sandbox: Sandbox, name: str) -> str:
    """
    Apply a stack, and return what it failed with.
    """
    try:
        sandbox.apply(name)
    except StepFailed as error:
        return error.failures[0].text
    return ""


def import_made(sandbox: Sandbox) -> None:
    """
    Do what the page says about a thing that AWS has made and Terraform has not learned of.
    """
    with sandbox.terraform.session(sandbox.estate.stacks["lost-answer"]) as run:
        run.run("import", "aws_ecr_repository.Main", "lost-answer")


@pytest.fixture(name="troubled", scope="module")
def _troubled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Troubled]:
    names = [*RETRIED, *FAILED, WRONG_ACCOUNT]
    out = write_out(tmp_path_factory.mktemp("troubled") / "out", {n: impatient(n) for n in names})
    made: Counter[tuple[str, str]] = Counter()

    def count(request: Request, answer: Response) -> None:
        name, call = read_moment(request)
        for thing in THINGS:
            if answer.status_code == 200 and call in (f"Create{thing}", f"Delete{thing}"):
                made[name, thing] += 1 if call.startswith("Create") else -1

    said: dict[str, str] = {}
    met: dict[str, Counter[str]] = {}
    with Sandbox(out) as sandbox:
        sandbox.gate.observers.append(count)
        faults = Faults()
        faults.put_before(sandbox.gate)
        for name, fault in {**RETRIED, **FAILED}.items():
            faults.begin(fault)
            said[name], met[name] = said_by(sandbox, name), faults.met
        faults.begin(None)
        own = sandbox.terraform
        sandbox.terraform = replace(own, keys={NONPROD: sandbox.session(PROD).keys})
        said[WRONG_ACCOUNT] = said_by(sandbox, WRONG_ACCOUNT)
        sandbox.terraform = own
        import_made(sandbox)
        sandbox.apply()
        s3 = sandbox.session(NONPROD).client("s3")
        objects = {one["Key"] for one in s3.list_objects_v2(Bucket=BUCKET)["Contents"]}
        yield Troubled(said=said, met=met, verified=sandbox.verify(), made=made, objects=objects)


@pytest.mark.parametrize("name", RETRIED)
def test_retried(troubled: Troubled, name: str) -> None:
    """
    What passes is retried: the apply goes on as if nothing had been.
    """
    assert not troubled.said[name]
    assert troubled.met[name].keys() == {*RETRIED[name].calls}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gone", "ServiceUnavailable"),
        ("gone-after-the-role", "ServiceUnavailable"),
        ("expired", "ExpiredToken"),
        ("lost-answer", "RepositoryAlreadyExistsException"),
        ("throttled-on", "Throttling"),
        (WRONG_ACCOUNT, f"AWS account ID not allowed: {PROD}"),
    ],
)
def test_clear_failure(troubled: Troubled, name: str, words: str) -> None:
    """
    What stays is said in AWS's words, with what was being done.
    """
    assert words in troubled.said[name]


def test_nothing_in_another_account(troubled: Troubled) -> None:
    """
    With the credentials of another account nothing is made, there or here, before the next apply.
    """
    made = [call for name, call in troubled.made if name == WRONG_ACCOUNT]
    assert sorted(made) == sorted(call for name, call in troubled.made if name == "slow")


def test_next_apply_is_clean(troubled: Troubled) -> None:
    """
    State and AWS agree, resource by resource, and no second plan changes anything.
    """
    assert not troubled.verified.differences


def test_nothing_made_twice(troubled: Troubled) -> None:
    """
    Each thing is there once, also where Terraform did not learn of it.

    What Terraform could not read after it had made it is tainted, and it makes that anew.
    """
    twice = {what: count for what, count in troubled.made.items() if count != 1}
    assert not twice


def test_no_lock_is_left(troubled: Troubled) -> None:
    """
    In the bucket are the states and nothing else.
    """
    assert troubled.objects == {f"{name}.tfstate" for name in troubled.said}


def test_page(troubled: Troubled) -> None:
    """
    The page shows what is said.
    """
    assert is_part_shown(troubled.said[WRONG_ACCOUNT])
