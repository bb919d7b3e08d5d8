"""A `cdktf.out` of many stacks, written without CDKTF: the input of `review` and `waves`."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

Json = dict[str, object]

HOST = "token.actions.githubusercontent.com"
REGION = "eu-west-1"
# Each service has a stack in the account of each environment, as companies have them.
ACCOUNTS = {"dev": "111122223333", "staging": "222233334444", "prod": "333344445555"}
PUSH = (
    *("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload"),
    *("ecr:GetDownloadUrlForLayer", "ecr:InitiateLayerUpload", "ecr:PutImage"),
    *("ecr:UploadLayerPart", "ecr:DescribeImages"),
)
_DEPENDENTS = 10
"""How many services rest on the stack of one other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """
    Which stack of an estate is written, and what differs in it between two versions.

    Attributes:
        service: The number of the service.
        environment: Where it runs.
        version: Of the estate: 1 or 2.
        source: The GitHub repository, as its `sub` has it.
    """

    service: int
    environment: str
    version: int
    source: str

    @property
    def name(self) -> str:
        return f"service-{self.service:04d}-{self.environment}"

    @property
    def needs(self) -> list[str]:
        """The stack that is deployed before it."""
        if not self.service:
            return []
        return [replace(self, service=self.service // _DEPENDENTS).name]

    @property
    def account(self) -> str:
        return ACCOUNTS[self.environment]

    def arn(self, service: str, resource: str, region: str = REGION) -> str:
        return f"arn:aws:{service}:{region}:{self.account}:{resource}"


def write_estate(
    folder: Path, count: int, *, version: int, is_one_repository: bool = False
) -> Path:
    """
    Write *count* stacks of ten resources each, and return the folder.

    Every stack differs between two versions: a subject, an action and a tag are others.

    Args:
        folder: Where `manifest.json` is written.
        count: How many stacks; three of one service stand beside each other.
        version: 1 or 2.
        is_one_repository: Whether all services are built in one GitHub repository.
    """
    stacks: Json = {}
    for number in range(count):
        service, environment = divmod(number, len(ACCOUNTS))
        source = "services@456789" if is_one_repository else f"service-{service:04d}@{service + 1}"
        place = _Place(
            service=service,
            environment=[*ACCOUNTS][environment],
            version=version,
            source=f"repo:acme@123456/{source}",
        )
        stacks[place.name] = _written(folder, place)
    (folder / "manifest.json").write_text(json.dumps({"stacks": stacks}), encoding="utf-8")
    return folder


def _written(folder: Path, place: _Place) -> Json:
    """Write one stack, and return what the manifest says of it."""
    path = f"stacks/{place.name}/cdk.tf.json"
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(json.dumps(_stack(place), indent=2), encoding="utf-8")
    return {
        "name": place.name,
        "dependencies": place.needs,
        "synthesizedStackPath": path,
        "workingDirectory": f"stacks/{place.name}",
    }


def _stack(place: _Place) -> Json:
    name, tags = place.name, {"version": str(place.version)}
    provider: Json = {"allowed_account_ids": [place.account], "region": REGION}
    provider["default_tags"] = [{"tags": tags}]
    resources: dict[str, Json] = {"aws_iam_role": {"Deploy": _role(place)}}
    for image in ("web", "worker"):
        for kind, body in _image(place, image).items():
            resources.setdefault(kind, {})[f"{image.title()}_Resource"] = body
    resources["aws_iam_policy"] = {"Ecs": _named(place, "Ecs", _ecs(place))}
    attachment: Json = {"policy_arn": "${aws_iam_policy.Ecs.arn}", "role": f"{name}-deploy"}
    resources["aws_iam_role_policy_attachment"] = {"Ecs": attachment}
    backend = {"s3": {"bucket": "acme", "key": f"{name}.tfstate", "region": REGION}}
    return {
        "//": {"metadata": {"stackName": name, "version": "0.21.0"}},
        "provider": {"aws": [provider]},
        "resource": resources,
        "terraform": {"backend": backend},
    }


def _named(place: _Place, path: str, body: Json) -> Json:
    return {"//": {"metadata": {"path": f"{place.name}/{path}/Resource"}}, **body}


def _role(place: _Place) -> Json:
    environments = [place.environment, f"{place.environment}-canary"][: place.version]
    subjects = [f"{place.source}:environment:{each}" for each in environments]
    statement = {
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {f"{HOST}:aud": "sts.amazonaws.com", f"{HOST}:sub": subjects}
        },
        "Effect": "Allow",
        "Principal": {"Federated": place.arn("iam", f"oidc-provider/{HOST}", region="")},
    }
    trust = _document(statement)
    return _named(place, "Deploy", {"assume_role_policy": trust, "name": f"{place.name}-deploy"})


def _image(place: _Place, image: str) -> dict[str, Json]:
    repository = f"{place.name}/{image}"
    push = {"Action": [*PUSH[: len(PUSH) - 2 + place.version]], "Effect": "Allow"}
    push["Resource"] = place.arn("ecr", f"repository/{repository}")
    login = {"Action": "ecr:GetAuthorizationToken", "Effect": "Allow", "Resource": "*"}
    pull: Json = {"Action": ["ecr:BatchGetImage"], "Effect": "Allow"}
    pull["Principal"] = {"AWS": "arn:aws:iam::555566667777:root"}
    rule: Json = {"rulePriority": 1, "action": {"type": "expire"}}
    rule["selection"] = {"countNumber": 10 + place.version, "countType": "imageCountMoreThan"}
    tags = {"version": str(place.version)}
    return {
        "aws_ecr_repository": _named(place, image.title(), {"name": repository, "tags": tags}),
        "aws_ecr_lifecycle_policy": {
            "policy": json.dumps({"rules": [rule]}),
            "repository": repository,
        },
        "aws_ecr_repository_policy": {"policy": _document(pull), "repository": repository},
        "aws_iam_role_policy": {
            "name": f"ecr-push-{image}",
            "policy": _document(login, push),
            "role": f"{place.name}-deploy",
        },
    }


def _ecs(place: _Place) -> Json:
    service = place.arn("ecs", f"service/main-{place.version}/{place.name}")
    update: Json = {"Action": ["ecs:DescribeServices", "ecs:UpdateService"], "Effect": "Allow"}
    register = {"Action": "ecs:RegisterTaskDefinition", "Effect": "Allow", "Resource": "*"}
    roles = [place.arn("iam", f"role/{name}", region="") for name in (f"{place.name}-task", "run")]
    hand_over: Json = {"Action": "iam:PassRole", "Effect": "Allow", "Resource": roles}
    hand_over["Condition"] = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
    policy = _document({**update, "Resource": service}, register, hand_over)
    return {"name": f"{place.name}-ecs", "policy": policy}


def _document(*statements: object) -> str:
    return json.dumps({"Statement": list(statements), "Version": "2012-10-17"})
