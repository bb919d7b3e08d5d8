"""`audit` of a large account: `python -m bench.exports` measures nothing else."""

import json
from collections.abc import Callable
from pathlib import Path

from rich.table import Table

from bench.big_inputs import ACCOUNT, Json, subject, trust
from bench.measure import Measurement
from bench.one_audit import measure_audit, verdict_table
from bench.report import print_alone

ROLES, POLICIES, MANAGED = 10_000, 10, 500

# In an account of this size one role in so many is for deploys; the others are of services.
_OF_DEPLOYS = 20
_ATTACHED = POLICIES // 2
_SERVICE: Json = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


_ACTIONS = {
    "ecs": ["ecs:DescribeServices", "ecs:ListTasks", "ecs:UpdateService"],
    "s3": ["s3:GetObject", "s3:ListBucket", "s3:PutObject"],
}


def _allow(service: str, name: str) -> Json:
    resource = f"arn:aws:{service}:eu-central-1:{ACCOUNT}:service/{name}"
    statement = {"Effect": "Allow", "Action": _ACTIONS[service], "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _arn(number: int) -> str:
    return f"arn:aws:iam::{ACCOUNT}:policy/team-{number % MANAGED}"


def _managed(number: int) -> Json:
    version = {
        "VersionId": "v1",
        "IsDefaultVersion": True,
        "Document": _allow("ecs", f"Service{number}"),
    }
    name = f"team-{number}"
    return {"PolicyName": name, "Path": "/", "Arn": _arn(number), "PolicyVersionList": [version]}


def _role(number: int) -> Json:
    is_deploy = number % _OF_DEPLOYS == 0
    inline = range(POLICIES - _ATTACHED)
    attached = (number * _ATTACHED + each for each in range(_ATTACHED))
    return {
        "RoleName": f"web{number}",
        "Arn": f"arn:aws:iam::{ACCOUNT}:role/web{number}",
        "Path": "/",
        "AssumeRolePolicyDocument": trust(subject(number)) if is_deploy else _SERVICE,
        "RolePolicyList": [
            {"PolicyName": f"p{each}", "PolicyDocument": _allow("s3", f"Web{number}Part{each}")}
            for each in inline
        ],
        "AttachedManagedPolicies": [
            {"PolicyName": f"team-{each % MANAGED}", "PolicyArn": _arn(each)} for each in attached
        ],
    }


def account() -> Json:
    """Write what `aws iam get-account-authorization-details` prints."""
    return {
        "UserDetailList": [],
        "GroupDetailList": [],
        "RoleDetailList": [_role(number) for number in range(ROLES)],
        "Policies": [_managed(number) for number in range(MANAGED)],
    }


def measure_account(folder: Path, say: Callable[[str], None]) -> Measurement:
    """Audit the account."""
    place = folder / "account.json"
    place.write_text(json.dumps(account()), "utf-8")
    say(f"audit of {ROLES} roles with {POLICIES} policies each")
    return measure_audit(place)


def account_table(found: Measurement) -> Table:
    """Return the table of one measurement with its verdict."""
    title = f"`audit` of {ROLES} roles with {POLICIES} policies each, of {MANAGED} managed ones"
    return verdict_table(title, found)


if __name__ == "__main__":
    print_alone(measure_account, account_table)
