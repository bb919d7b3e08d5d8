"""Inputs of ten megabytes for `audit` and `explain`, in every shape that takes long."""

import json
from collections.abc import Callable, Mapping
from typing import cast

Json = dict[str, object]

SIZE = 10_000_000
HOST = "token.actions.githubusercontent.com"
ACCOUNT = "111122223333"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{HOST}"
# Just below the longest policy that the commands read: a longer one is refused at once.
LONGEST = 190_000


def trust(*subjects: str, operator: str = "StringEquals", **more: object) -> Json:
    """Write a trust policy with one statement."""
    statement: Json = {
        "Effect": "Allow",
        "Principal": {"Federated": PROVIDER},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {f"{HOST}:aud": "sts.amazonaws.com"},
            f"{operator}": {
                f"{HOST}:aud": "sts.amazonaws.com",
                f"{HOST}:sub": list(subjects),
            },
        },
    }
    return {"Version": "2012-10-17", "Statement": [{**statement, **more}]}


def subject(number: int) -> str:
    """Return the subject of a branch in one of many repositories."""
    return f"repo:acme/web{number}:ref:refs/heads/main"


def _allow(number: int) -> Json:
    repository = f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/web{number}"
    statement = {"Effect": "Allow", "Action": ["ecr:PutImage"], "Resource": repository}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _filled(one: Callable[[int], object], share: float = 1) -> list[object]:
    """Return as many of what *one* makes as fit into that share of the size."""
    # The number has five digits in most of them; a `, ` of two characters stands between them.
    length = len(json.dumps(one(10_000))) + 2
    return [one(number) for number in range(min(int(SIZE * share) // length, 20_000))]


def _answer(number: int, policy: Json) -> Json:
    name = f"web{number}"
    return {
        "RoleName": name,
        "Arn": f"arn:aws:iam::{ACCOUNT}:role/{name}",
        "Path": "/",
        "AssumeRolePolicyDocument": policy,
    }


def _details(one: Callable[[int], Json]) -> Json:
    return {"RoleDetailList": _filled(lambda number: _answer(number, one(number)))}


def _many_roles() -> Json:
    def role(number: int) -> Json:
        inline = {"PolicyName": "push", "PolicyDocument": _allow(number)}
        return {**_answer(number, trust(subject(number))), "RolePolicyList": [inline]}

    return {"RoleDetailList": _filled(role)}


def _one_subject() -> Json:
    return _details(lambda _: trust("repo:acme/web:ref:refs/heads/prod"))


def _allowing_roles() -> Json:
    return _details(lambda _: trust("repo:acme/web:ref:refs/heads/main"))


def _wide_roles() -> Json:
    return _details(lambda number: trust(f"repo:acme/web{number}*:*", operator="StringLike"))


def _stack() -> Json:
    def role(number: int) -> Json:
        return {"name": f"web{number}", "assume_role_policy": json.dumps(trust(subject(number)))}

    roles = {f"R{index}": body for index, body in enumerate(_filled(role))}
    return {"resource": {"aws_iam_role": roles}}


def _with_references() -> Json:
    provider = "${data.aws_iam_openid_connect_provider.github.arn}"

    def role(number: int) -> Json:
        policy = trust(subject(number), Principal={"Federated": provider})
        return {"name": f"web{number}", "assume_role_policy": json.dumps(policy)}

    roles = {f"R{index}": body for index, body in enumerate(_filled(role))}
    return {"resource": {"aws_iam_role": roles}}


def _encoded() -> Json:
    """Write policies as expressions, as Terraform's own JSON may have them."""

    def role(number: int) -> Json:
        policy = json.dumps(trust(subject(number)))
        return {"name": f"web{number}", "assume_role_policy": f"${{jsonencode({policy})}}"}

    roles = {f"R{index}": body for index, body in enumerate(_filled(role))}
    return {"resource": {"aws_iam_role": roles}}


def _long_expression() -> Json:
    policy = json.dumps(trust(*(subject(n) for n in range(200_000))))
    role = {"name": "web", "assume_role_policy": f"${{jsonencode({policy})}}"}
    return {"resource": {"aws_iam_role": {"R": role}}}


def _data_sources() -> Json:
    def data(number: int) -> Json:
        condition = {"test": "StringEquals", "variable": f"{HOST}:sub", "values": [subject(number)]}
        principals = {"type": "Federated", "identifiers": [PROVIDER]}
        statement = {
            "actions": ["sts:AssumeRoleWithWebIdentity"],
            "principals": [principals],
            "condition": [condition],
        }
        return {"statement": [statement]}

    documents = {f"D{index}": body for index, body in enumerate(_filled(data, 3 / 4)[:10_000])}
    roles = {
        f"R{index}": {
            "name": f"web{index}",
            "assume_role_policy": f"${{data.aws_iam_policy_document.{name}.json}}",
        }
        for index, name in enumerate(documents)
    }
    return {"resource": {"aws_iam_role": roles}, "data": {"aws_iam_policy_document": documents}}


def _plan() -> Json:
    def resource(number: int) -> Json:
        values = {"name": f"web{number}", "assume_role_policy": json.dumps(trust(subject(number)))}
        return {
            "address": f"aws_iam_role.R{number}",
            "mode": "managed",
            "type": "aws_iam_role",
            "name": f"R{number}",
            "values": values,
        }

    return {"planned_values": {"root_module": {"resources": _filled(resource)}}}


def _events() -> Json:
    def record(number: int) -> Json:
        sub = subject(number)
        return {
            "eventName": "AssumeRoleWithWebIdentity",
            "eventID": str(number),
            "errorCode": "AccessDenied",
            "userIdentity": {
                "type": "WebIdentityUser",
                "principalId": f"{PROVIDER}:sts.amazonaws.com:{sub}",
                "userName": sub,
                "identityProvider": PROVIDER,
            },
            "requestParameters": {"roleArn": f"arn:aws:iam::{ACCOUNT}:role/web"},
        }

    return {"Records": _filled(record)}


def _few_huge() -> Json:
    subjects = [subject(number) for number in range(LONGEST // 46)]
    return _details(lambda _: trust(*subjects))


def _huge_patterns() -> Json:
    # 100 stars in each: a matcher that backtracks takes exponential time.
    subjects = [f"repo:acme/{'*a' * 100}{number}" for number in range(LONGEST // 230)]
    return _details(lambda _: trust(*subjects, operator="StringLike"))


def _long_pattern() -> Json:
    return _details(lambda _: trust("repo:" + "*a?" * (LONGEST // 32), operator="StringLike"))


def _near_patterns() -> Json:
    # The `x` at the end never matches, after all ways to place the stars were tried.
    return _details(lambda _: trust("repo:acme/" + "?*" * 12 + "x", operator="StringLike"))


def _many_statements() -> Json:
    # All alike: each pair of statements may be compared.
    (statement,) = cast("list[object]", trust(subject(1))["Statement"])
    many = [statement] * (LONGEST // len(json.dumps(statement)))
    return _details(lambda _: {"Version": "2012-10-17", "Statement": many})


def _many_conditions() -> Json:
    keys = {f"{HOST}:sub{number}": subject(number) for number in range(LONGEST // 100)}
    return _details(lambda _: trust("x", Condition={"StringLike": keys}))


def _many_operators() -> Json:
    sub = {f"{HOST}:sub": subject(1)}
    operators = {f"String{'x' * (n % 50)}Equals{n}": sub for n in range(LONGEST // 120)}
    return _details(lambda _: trust("x", Condition=operators))


def _many_principals() -> Json:
    names = [f"arn:aws:iam::{ACCOUNT}:oidc-provider/{n}.example" for n in range(LONGEST // 60)]
    return _details(lambda _: trust("x", Principal={"Federated": names}))


def _many_actions() -> Json:
    names = [f"ecs:Up*{n}" for n in range(LONGEST // 18)]
    return _details(lambda _: trust("x", Action=names))


def _one_long_text() -> Json:
    # A run of stars is one star; to see that must not take a step for each start.
    return _details(lambda _: trust("repo:" + "*" * (SIZE - 2_000), operator="StringLike"))


def _unknown_elements() -> Json:
    strange = {f"key{n}": "x" for n in range(LONGEST // 20)}
    return _details(lambda _: trust("x", **strange))


def _deep() -> Json:
    # Deep, but not too deep for the JSON reader of Python: all of it is read.
    nested: object = {}
    for _ in range(90):
        nested = [nested]
    return {"Roles": [], "rest": [nested] * (SIZE // 190)}


def small_policy() -> Json:
    """Write what `aws iam get-role` prints."""
    return {"Role": _answer(0, trust(subject(1)))}


POLICIES: Mapping[str, Callable[[], Json]] = {
    "many roles": _many_roles,
    "roles of one subject": _one_subject,
    "roles that let in": _allowing_roles,
    "wide roles": _wide_roles,
    "a stack": _stack,
    "a stack with references": _with_references,
    "a stack of jsonencode": _encoded,
    "one long jsonencode": _long_expression,
    "data sources": _data_sources,
    "a plan": _plan,
    "long lists of subjects": _few_huge,
    "lists of patterns": _huge_patterns,
    "long patterns": _long_pattern,
    "near patterns": _near_patterns,
    "many statements": _many_statements,
    "many conditions": _many_conditions,
    "unknown operators": _many_operators,
    "many principals": _many_principals,
    "many actions": _many_actions,
    "one long text": _one_long_text,
    "unknown elements": _unknown_elements,
    "deep nesting": _deep,
}
"""What `audit` and `explain --policy` read."""

EVENTS: Mapping[str, Callable[[], Json]] = {"CloudTrail records": _events}
"""What `explain --event` reads."""
