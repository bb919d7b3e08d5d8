"""The files that the commands of the AWS CLI write, made by what its commands ask themselves."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sandbox.server.aws_session import AwsError, is_missing, pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sandbox.server.aws_session import AwsSession

Json = dict[str, Any]
Answers = dict[str, Json]
# AWS answers with those of its own policies that are in use; moto with all that there are.
OF_THE_ACCOUNT = ["User", "Role", "Group", "LocalManagedPolicy"]


def read_account(session: AwsSession) -> Answers:
    """Ask for what an account holds, and return each answer by the name of its file."""
    return dict([*_iam(session.client("iam")), *_ecr(session.client("ecr"))])


def write_answers(answers: Answers, folder: Path) -> list[Path]:
    """Write the answers, one file a command, and return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name, answer in answers.items():
        path = folder / f"{name}.json"
        path.write_text(as_printed(answer), encoding="utf-8")
        written.append(path)
    return written


def as_printed(answer: object) -> str:
    """Return an answer as the CLI prints it: four spaces, and dates in ISO 8601."""
    return json.dumps(answer, indent=4, default=_date) + "\n"


def _iam(iam: Any) -> Iterator[tuple[str, Json]]:
    details = authorization_details(iam)
    yield "authorization", details
    # Descriptions, and how long sessions may be, are in these alone.
    yield "roles", iam.get_paginator("list_roles").paginate().build_full_result()
    for one in pages(iam, "list_policies", "Policies", Scope="Local", OnlyAttached=True):
        yield f"policy.{_word(one['Arn'])}", _answer(iam.get_policy, PolicyArn=one["Arn"])
    listed = _answer(iam.list_open_id_connect_providers)
    yield "providers", listed
    for entry in listed["OpenIDConnectProviderList"]:
        arn = entry["Arn"]
        answer = _answer(iam.get_open_id_connect_provider, OpenIDConnectProviderArn=arn)
        shown = {key: answer[key] for key in ("Url", "ClientIDList", "ThumbprintList", "Tags")}
        yield f"provider.{_word(arn)}", {"Arn": arn, **shown}


def authorization_details(iam: Any) -> Json:
    """Ask for everything of an account; the CLI joins all pages, and prints one answer."""
    asked = iam.get_paginator("get_account_authorization_details").paginate(Filter=OF_THE_ACCOUNT)
    found = asked.build_full_result()
    attached = {
        policy["PolicyArn"]
        for kind in ("UserDetailList", "GroupDetailList", "RoleDetailList")
        for entry in found[kind]
        for policy in entry["AttachedManagedPolicies"]
    }
    own = {policy["Arn"] for policy in found["Policies"]}
    found["Policies"] += [_policy(iam, arn) for arn in sorted(attached - own)]
    for policy in found["Policies"]:
        # AWS says it, and moto leaves it out.
        policy["PolicyName"] = policy["Arn"].rpartition("/")[2]
    return found


def _policy(iam: Any, arn: str) -> Json:
    policy = iam.get_policy(PolicyArn=arn)["Policy"]
    given = {"PolicyArn": arn, "VersionId": policy["DefaultVersionId"]}
    version = iam.get_policy_version(**given)["PolicyVersion"]
    return {**policy, "PolicyVersionList": [version]}


def _ecr(ecr: Any) -> Iterator[tuple[str, Json]]:
    repositories = list(pages(ecr, "describe_repositories", "repositories"))
    yield "repositories", {"repositories": repositories}
    for one in repositories:
        name, arn = one["repositoryName"], one["repositoryArn"]
        file = f"repository.{name.replace('/', '+')}"
        tags = _answer(ecr.list_tags_for_resource, resourceArn=arn)["tags"]
        yield f"{file}.tags", {"resourceArn": arn, "tags": tags}
        for kind, call in (
            ("lifecycle", ecr.get_lifecycle_policy),
            ("policy", ecr.get_repository_policy),
        ):
            # Where there is none the command fails, and leaves no answer.
            if answer := _answer(call, repositoryName=name):
                yield f"{file}.{kind}", answer


def _answer(call: Callable[..., Json], **given: str) -> Json:
    try:
        answer = call(**given)
    except AwsError as error:
        if not is_missing(error):
            raise
        return {}
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


def _word(arn: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "_", arn)


def _date(value: object) -> str:
    assert isinstance(value, datetime), value
    return value.isoformat()
