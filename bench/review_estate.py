"""A `cdktf.out` of many stacks, written without CDKTF: the input of `review` and `waves`."""

import json
from pathlib import Path

Json = dict[str, object]

ACCOUNT = "111122223333"
REGION = "eu-west-1"
HOST = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{HOST}"
PUSH = (
    *("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload"),
    *("ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart"),
)


def write_estate(folder: Path, count: int, *, version: int) -> Path:
    """
    Write *count* stacks of ten resources each, and return the folder.

    Every stack differs between two versions: a subject, an action and a tag are others.
    """
    stacks: Json = {}
    for number in range(count):
        name = f"service-{number:04d}"
        path = f"stacks/{name}/cdk.tf.json"
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(json.dumps(_stack(name, version), indent=2), encoding="utf-8")
        stacks[name] = {
            "name": name,
            "dependencies": [f"service-{number // 10:04d}"] if number else [],
            "synthesizedStackPath": path,
            "workingDirectory": f"stacks/{name}",
        }
    (folder / "manifest.json").write_text(json.dumps({"stacks": stacks}), encoding="utf-8")
    return folder


def _stack(name: str, version: int) -> Json:
    provider: Json = {"allowed_account_ids": [ACCOUNT], "region": REGION}
    provider["default_tags"] = [{"tags": {"version": str(version)}}]
    resources: dict[str, Json] = {"aws_iam_role": {"Deploy": _role(name, version)}}
    for image in ("web", "worker"):
        for kind, body in _image(name, image, version).items():
            resources.setdefault(kind, {})[f"{image.title()}_Resource"] = body
    resources["aws_iam_policy"] = {"Ecs": _named(name, "Ecs", _ecs(name, version))}
    attachment: Json = {"policy_arn": "${aws_iam_policy.Ecs.arn}", "role": f"{name}-deploy"}
    resources["aws_iam_role_policy_attachment"] = {"Ecs": attachment}
    backend = {"s3": {"bucket": "acme", "key": f"{name}.tfstate", "region": REGION}}
    return {
        "//": {"metadata": {"stackName": name, "version": "0.21.0"}},
        "provider": {"aws": [provider]},
        "resource": resources,
        "terraform": {"backend": backend},
    }


def _named(name: str, path: str, body: Json) -> Json:
    return {"//": {"metadata": {"path": f"{name}/{path}/Resource"}}, **body}


def _role(name: str, version: int) -> Json:
    repository = "repo:acme@123456/services@456789"
    subjects = [f"{repository}:environment:{name}-prod-{n}" for n in range(version)]
    statement = {
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {f"{HOST}:aud": "sts.amazonaws.com", f"{HOST}:sub": subjects}
        },
        "Effect": "Allow",
        "Principal": {"Federated": PROVIDER},
    }
    trust = _document(statement)
    return _named(name, "Deploy", {"assume_role_policy": trust, "name": f"{name}-deploy"})


def _image(name: str, image: str, version: int) -> dict[str, Json]:
    repository = f"{name}/{image}"
    arn = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{repository}"
    push = {"Action": [*PUSH[: 4 + version]], "Effect": "Allow", "Resource": arn}
    login = {"Action": "ecr:GetAuthorizationToken", "Effect": "Allow", "Resource": "*"}
    pull: Json = {"Action": ["ecr:BatchGetImage"], "Effect": "Allow"}
    pull["Principal"] = {"AWS": "arn:aws:iam::222222222222:root"}
    rule: Json = {"rulePriority": 1, "action": {"type": "expire"}}
    rule["selection"] = {"countNumber": 10 + version, "countType": "imageCountMoreThan"}
    return {
        "aws_ecr_repository": _named(
            name, image.title(), {"name": repository, "tags": {"version": str(version)}}
        ),
        "aws_ecr_lifecycle_policy": {
            "policy": json.dumps({"rules": [rule]}),
            "repository": repository,
        },
        "aws_ecr_repository_policy": {"policy": _document(pull), "repository": repository},
        "aws_iam_role_policy": {
            "name": f"ecr-push-{image}",
            "policy": _document(login, push),
            "role": f"{name}-deploy",
        },
    }


def _ecs(name: str, version: int) -> Json:
    service = f"arn:aws:ecs:{REGION}:{ACCOUNT}:service/main-{version}/{name}"
    update = {"Action": ["ecs:DescribeServices", "ecs:UpdateService"], "Effect": "Allow"}
    register = {"Action": "ecs:RegisterTaskDefinition", "Effect": "Allow", "Resource": "*"}
    return {"name": f"{name}-ecs", "policy": _document({**update, "Resource": service}, register)}


def _document(*statements: object) -> str:
    return json.dumps({"Statement": list(statements), "Version": "2012-10-17"})
