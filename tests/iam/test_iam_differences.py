"""
Where ours and iam-simulate differ, and why: AWS's documentation has it as ours does.

The random cases of `test_evaluator_differential.py` leave out exactly these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from judged_cases import ACCOUNT, PREFIX, PROVIDER, SESSION, Case, ask_simulator, decide, trust_case

from deploy_access.iam.decision import Verdict

if TYPE_CHECKING:
    from judged_cases import Document

ALLOWED, DENIED, UNKNOWN = Verdict.ALLOWED, Verdict.DENIED_IMPLICITLY, Verdict.UNKNOWN
EXPLICITLY = Verdict.DENIED_EXPLICITLY
ROLE_RESOURCE = f"arn:aws:iam::{ACCOUNT}:role/team/task"


@dataclass(frozen=True)
class Difference:
    """A case that ends differently, with what AWS says about it."""

    case: Case
    ours: Verdict
    theirs: Verdict
    reason: str


def access(statement: dict[str, Any], context: Any = None, **request: Any) -> Case:
    """Ask about one statement of an identity policy."""
    asked: dict[str, Any] = {"action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", **request}
    version = asked.pop("version", "2012-10-17")
    whole = {"Effect": "Allow", "Action": "*", "Resource": "*", **statement}
    found = {name: element for name, element in whole.items() if element is not None}
    policy = {"Version": version, "Statement": [found]}
    return Case(principal=SESSION, context=context or {}, identity=[policy], **asked)


def condition(operator: str, wanted: Any, context: Any, **request: Any) -> Case:
    """Ask about one condition on the key `a:k`."""
    return access({"Condition": {operator: {"a:k": wanted}}}, context, **request)


def trusting(*statements: Document) -> Case:
    """Ask about a trust policy without conditions."""
    found = [{"Action": "sts:AssumeRoleWithWebIdentity", **one} for one in statements]
    return trust_case({"Version": "2012-10-17", "Statement": found}, {})


NEWLINE = "`*` is any combination of characters, `?` any single one: a new line is one."
EMPTY = (
    "An empty list or text is a null data set: `ForAllValues` is met, `ForAnyValue` is not, and "
    "`Null` exists to tell it from a value."
)
ONE_VALUE = "Whether a key is single-valued is a matter of how many values the request holds."
MANY = "Many values need a set operator; without one AWS promises nothing."
ESCAPES = "`${*}`, `${?}` and `${$}` can be used wherever variables can, so in `StringEquals` too."
VERSION = "Without `Version` 2012-10-17 a variable is literal text."
DEFAULT = "A default value is what stands between the quotes, also nothing."
EVERY_VALUE = (
    "A variable without a value makes the statement invalid; iam-simulate looks at it only after "
    "the other parts of the ARN."
)
ARN_VARIABLE = "ARN operators take variables, and only `Resource` limits where."
EPOCH = "A date is ISO 8601 or seconds since 1970, and both are one moment."
YEAR = "W3C's profile of ISO 8601, which AWS names, has `YYYY`."
NUMBER = "A number is an integer or a decimal; IAM refuses another text."
NETWORK = "`/0` is every address of its family."
HOST = "An address without a prefix is a range of one address, however it is written."
FAMILY = "No address of one family is in a range of the other."
NULL_IF_EXISTS = "`IfExists` can be added to any operator except `Null`."
SIX_PARTS = (
    "ARN operators compare six parts one by one. A text with fewer is no ARN, and iam-simulate "
    "itself says so of `*` under `ArnNotLike`."
)
BEYOND = "A `*` at the end of a part of an ARN can match beyond the colon."
ANY_PART = (
    "`*` stands for anything in a part of an ARN, `/` included. AWS advises against it in the type "
    "of a resource and does not say that it matches nothing there."
)
OWN_POLICY = "A role's trust policy and a key's policy must allow it; none is given here."
KIND = "The element under `Principal` names the kind: a provider is `Federated`."
NOT_OF_ACCOUNT = "An account as principal is its users and roles; who shows a token is neither yet."

DIFFERENCES = {
    "star and new line": Difference(
        condition("StringLike", "a*b", {"a:k": "a\nb"}), ALLOWED, DENIED, NEWLINE
    ),
    "question mark and new line": Difference(
        condition("StringLike", "?", {"a:k": "\n"}), ALLOWED, DENIED, NEWLINE
    ),
    "ForAllValues and empty text": Difference(
        condition("ForAllValues:StringEquals", "x", {"a:k": ""}), ALLOWED, DENIED, EMPTY
    ),
    "ForAnyValue and empty text": Difference(
        condition("ForAnyValue:StringLike", "*", {"a:k": ""}), DENIED, ALLOWED, EMPTY
    ),
    "Null and empty text": Difference(
        condition("Null", "true", {"a:k": ""}), ALLOWED, DENIED, EMPTY
    ),
    "Null and empty list": Difference(
        condition("Null", "true", {"a:k": []}), ALLOWED, DENIED, EMPTY
    ),
    "negated and empty list": Difference(
        condition("StringNotEquals", "x", {"a:k": []}), ALLOWED, DENIED, EMPTY
    ),
    "IfExists and empty list": Difference(
        condition("StringEqualsIfExists", "x", {"a:k": []}), ALLOWED, DENIED, EMPTY
    ),
    "list of one value": Difference(
        condition("StringEquals", "x", {"a:k": ["x"]}), ALLOWED, DENIED, ONE_VALUE
    ),
    "variable with a list of one value": Difference(
        condition("StringEquals", "${a:v}", {"a:k": "x", "a:v": ["x"]}), ALLOWED, DENIED, ONE_VALUE
    ),
    "many values without set operator": Difference(
        condition("StringEquals", "x", {"a:k": ["x", "y"]}), UNKNOWN, DENIED, MANY
    ),
    "many values, negated, without set operator": Difference(
        condition("StringNotEquals", "x", {"a:k": ["y", "z"]}), UNKNOWN, DENIED, MANY
    ),
    "escape under StringEquals": Difference(
        condition("StringEquals", "a${*}", {"a:k": "a*"}), ALLOWED, DENIED, ESCAPES
    ),
    "escape under StringEqualsIgnoreCase": Difference(
        condition("StringEqualsIgnoreCase", "A${?}", {"a:k": "a?"}), ALLOWED, DENIED, ESCAPES
    ),
    "variable in an old version": Difference(
        condition("StringEquals", "${a:v}", {"a:k": "x", "a:v": "x"}, version="2008-10-17"),
        DENIED,
        ALLOWED,
        VERSION,
    ),
    "literal variable in an old version": Difference(
        condition("StringEquals", "${a:v}", {"a:k": "${a:v}", "a:v": "x"}, version="2008-10-17"),
        ALLOWED,
        DENIED,
        VERSION,
    ),
    "empty default value": Difference(
        condition("StringEquals", "x${a:v, ''}", {"a:k": "x"}), ALLOWED, DENIED, DEFAULT
    ),
    "negated ARN with a variable without a value": Difference(
        condition("ArnNotEquals", "arn:aws:s3:::${a:v}", {"a:k": f"arn:aws:iam::{ACCOUNT}:role/x"}),
        DENIED,
        ALLOWED,
        EVERY_VALUE,
    ),
    "variable in the account of an ARN": Difference(
        condition(
            "ArnLike", "arn:aws:iam::${a:v}:role/x", {"a:k": "arn:aws:iam::1:role/x", "a:v": "1"}
        ),
        ALLOWED,
        DENIED,
        ARN_VARIABLE,
    ),
    "date and seconds": Difference(
        condition("DateEquals", "2020-01-01T00:00:00Z", {"a:k": "1577836800"}),
        ALLOWED,
        DENIED,
        EPOCH,
    ),
    "year alone": Difference(
        condition("DateEquals", "2020", {"a:k": "2020-01-01T00:00:00Z"}), ALLOWED, DENIED, YEAR
    ),
    "number with a tail": Difference(
        condition("NumericEquals", "12", {"a:k": "12abc"}), DENIED, ALLOWED, NUMBER
    ),
    "number with white space": Difference(
        condition("NumericEquals", "1", {"a:k": " 1"}), DENIED, ALLOWED, NUMBER
    ),
    "every IPv4 address": Difference(
        condition("IpAddress", "0.0.0.0/0", {"a:k": "10.0.0.1"}), ALLOWED, DENIED, NETWORK
    ),
    "two ways to write an address": Difference(
        condition("IpAddress", "2001:db8::1", {"a:k": "2001:db8:0::1"}), ALLOWED, DENIED, HOST
    ),
    "not an IPv6 address": Difference(
        condition("NotIpAddress", "2001:db8::1", {"a:k": "10.0.0.1"}), ALLOWED, DENIED, FAMILY
    ),
    "not an IPv4 address": Difference(
        condition("NotIpAddress", "10.0.0.1", {"a:k": "2001:db8::1"}), ALLOWED, DENIED, FAMILY
    ),
    "NullIfExists": Difference(
        condition("NullIfExists", "true", {}), DENIED, ALLOWED, NULL_IF_EXISTS
    ),
    "star over region and account": Difference(
        access(
            {"Resource": "arn:aws:ecr:*:repository/web"},
            action="ecr:PutImage",
            resource=f"arn:aws:ecr:eu-central-1:{ACCOUNT}:repository/web",
        ),
        ALLOWED,
        DENIED,
        BEYOND,
    ),
    "every resource but those of a service": Difference(
        access(
            {"Resource": None, "NotResource": "arn:aws:s3:*"},
            action="ecr:PutImage",
            resource=f"arn:aws:ecr:eu-central-1:{ACCOUNT}:repository/web",
        ),
        ALLOWED,
        DENIED,
        BEYOND,
    ),
    "negated ARN with too few parts": Difference(
        condition("ArnNotEquals", "arn:aws:iam:*:role/x", {"a:k": "arn:aws:iam::1:role/y"}),
        DENIED,
        ALLOWED,
        SIX_PARTS,
    ),
    "star in the type of a resource": Difference(
        access(
            {"Resource": f"arn:aws:iam::{ACCOUNT}:*/task"},
            action="iam:GetRole",
            resource=ROLE_RESOURCE,
        ),
        ALLOWED,
        DENIED,
        ANY_PART,
    ),
    "star in what looks like a type": Difference(
        access({"Resource": "arn:aws:s3:*:*:?/k"}), ALLOWED, DENIED, ANY_PART
    ),
    "role without its trust policy": Difference(
        access({}, action="sts:AssumeRole", resource=ROLE_RESOURCE), UNKNOWN, ALLOWED, OWN_POLICY
    ),
    "key without its policy": Difference(
        access({}, action="kms:Decrypt", resource=f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/1"),
        UNKNOWN,
        DENIED,
        OWN_POLICY,
    ),
    "provider as AWS principal": Difference(
        trusting({"Effect": "Allow", "Principal": {"AWS": PROVIDER}}), DENIED, ALLOWED, KIND
    ),
    "provider as service principal": Difference(
        trusting({"Effect": "Allow", "Principal": {"Service": PROVIDER}}), DENIED, ALLOWED, KIND
    ),
    "account denied": Difference(
        trusting(
            {"Effect": "Allow", "Principal": {"Federated": PROVIDER}},
            {"Effect": "Deny", "Principal": {"AWS": ACCOUNT}},
        ),
        ALLOWED,
        EXPLICITLY,
        NOT_OF_ACCOUNT,
    ),
}


@pytest.mark.parametrize("name", DIFFERENCES)
def test_ours_is_as_aws_documents_it(name: str) -> None:
    """Each listed case ends as its reason says."""
    difference = DIFFERENCES[name]

    assert decide(difference.case).verdict is difference.ours, difference.reason


def test_iam_simulate_still_differs() -> None:
    """A difference that a new version of iam-simulate no longer has is taken off the list."""
    theirs = ask_simulator([difference.case for difference in DIFFERENCES.values()])
    found = dict(zip(DIFFERENCES, theirs, strict=True))

    assert found == {name: difference.theirs for name, difference in DIFFERENCES.items()}


def test_the_documented_entry_errs_in_both_directions() -> None:
    """`runSimulation` drops `sub` and `aud`: it denies what is right and allows what is wrong."""
    right = {f"{PREFIX}:sub": "repo:acme/web:environment:prod", f"{PREFIX}:aud": "sts"}
    wrong = {f"{PREFIX}:sub": "repo:evil/web:environment:prod", f"{PREFIX}:aud": "sts"}
    exact = {"StringEquals": {f"{PREFIX}:sub": right[f"{PREFIX}:sub"]}}
    open_door = {f"ForAllValues:{name}": keys for name, keys in exact.items()}
    asked = [(exact, right), (open_door, wrong)]

    def answers(*, filtered: bool) -> list[Verdict | str]:
        return ask_simulator(
            [
                trust_case(_trusted(conditions), dict(token), filtered=filtered)
                for conditions, token in asked
            ]
        )

    assert answers(filtered=True) == [DENIED, ALLOWED]
    assert answers(filtered=False) == [ALLOWED, DENIED]


def _trusted(conditions: Document) -> Document:
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": PROVIDER},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": conditions,
    }
    return {"Version": "2012-10-17", "Statement": statement}
