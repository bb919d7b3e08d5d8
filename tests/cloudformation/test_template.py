"""Templates as Terraform: each function of CloudFormation, and what a whole template says."""

from __future__ import annotations

import json
from ast import literal_eval
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, cast

import boto3  # pyright: ignore[reportMissingTypeStubs]
import pytest
from moto import mock_aws

from deploy_access.cloudformation.expressions import Expressions
from deploy_access.cloudformation.template import is_template
from deploy_access.cloudformation.yaml_text import parse_yaml
from deploy_access.json_shape import as_object
from deploy_access.terraform.reader import read_estate

if TYPE_CHECKING:
    from deploy_access.terraform.estate import Estate, Role

TEMPLATES = Path(__file__).parent / "templates"
TRUST: dict[str, object] = {"Version": "2012-10-17", "Statement": []}
KNOWN = {"AWS::AccountId": "111122223333"}
TEMPLATE: dict[str, object] = {
    "Parameters": {"Name": {"Type": "String"}},
    "Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "Name"}, "prod"]}},
    "Mappings": {"Sizes": {"a": {"b": "c"}}},
    "Resources": {
        "Role": {"Type": "AWS::IAM::Role"},
        "Maybe": {"Type": "AWS::IAM::Role", "Condition": "IsProd"},
        "Data": {"Type": "AWS::S3::Bucket"},
        "Own": {"Type": "AWS::IAM::ManagedPolicy"},
        "GitHub": {"Type": "Custom::AWSCDKOpenIdConnectProvider"},
        "Cluster": {"Type": "AWS::ECS::Cluster"},
    },
}


def read(**resources: object) -> Estate:
    """Read a template with these resources."""
    template = TEMPLATE | {"Resources": resources}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "deploy.json"
        path.write_text(json.dumps(template), "utf-8")
        return read_estate(path)


def role(**properties: object) -> dict[str, object]:
    """Return a role as a resource."""
    own: dict[str, object] = {"RoleName": "web", "AssumeRolePolicyDocument": TRUST}
    return {"Type": "AWS::IAM::Role", "Properties": own | properties}


def contents(found: Role) -> dict[str, object]:
    """Return the documents of a role's policies by their names."""
    return {
        policy.name: policy.document.content if policy.document else None
        for policy in found.policies
    }


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("plain", "plain", id="a text"),
        pytest.param("${aws:username}", "$${aws:username}", id="a variable of IAM"),
        pytest.param(["a", {"Ref": "AWS::NoValue"}], ["a"], id="no value in a list"),
        pytest.param({"a": {"Ref": "AWS::NoValue"}}, {}, id="no value in an object"),
        pytest.param({"Ref": "AWS::AccountId"}, "111122223333", id="a known account"),
        pytest.param({"Ref": "AWS::Region"}, "${AWS.Region}", id="a region that is not known"),
        pytest.param({"Ref": "Name"}, "${var.Name}", id="a parameter"),
        pytest.param({"Ref": "Role"}, "${aws_iam_role.Role.name}", id="Ref of a role"),
        pytest.param({"Ref": "Own"}, "${aws_iam_policy.Own.arn}", id="Ref of a policy"),
        pytest.param({"Ref": "Maybe"}, "${aws_iam_role.Maybe[0].name}", id="under a condition"),
        pytest.param(
            {"Ref": "GitHub"}, "${aws_iam_openid_connect_provider.GitHub.arn}", id="the CDK's own"
        ),
        pytest.param({"Ref": "Gone"}, '${Ref("Gone")}', id="of nothing"),
        pytest.param({"Fn::GetAtt": ["Data", "Arn"]}, "${aws_s3_bucket.Data.arn}", id="GetAtt"),
        pytest.param({"Fn::GetAtt": "Data.Arn"}, "${aws_s3_bucket.Data.arn}", id="GetAtt, short"),
        pytest.param(
            {"Fn::Sub": "arn:${AWS::AccountId}:${Data.Arn}:${!Literal}:${Name}"},
            "arn:111122223333:${aws_s3_bucket.Data.arn}:$${Literal}:${var.Name}",
            id="Sub",
        ),
        pytest.param(
            {"Fn::Sub": ["${A}/x", {"A": {"Ref": "Role"}}]},
            "${aws_iam_role.Role.name}/x",
            id="Sub with names",
        ),
        pytest.param({"Fn::Join": [":", ["a", {"Ref": "Name"}]]}, "a:${var.Name}", id="Join"),
        pytest.param(
            {"Fn::Join": [",", {"Ref": "Name"}]}, '${join(",", var.Name)}', id="Join of one"
        ),
        pytest.param({"Fn::Select": [1, ["a", "b"]]}, "b", id="Select"),
        pytest.param({"Fn::Select": ["0", {"Ref": "Name"}]}, "${var.Name[0]}", id="Select of one"),
        pytest.param({"Fn::Split": [",", "a,b"]}, '${split(",", "a,b")}', id="Split"),
        pytest.param(
            {"Fn::FindInMap": ["Sizes", "a", {"Ref": "Name"}]},
            '${local.mapping_Sizes["a"][var.Name]}',
            id="FindInMap",
        ),
        pytest.param({"Fn::If": ["IsProd", "a", 1]}, '${local.IsProd ? "a" : 1}', id="If"),
        pytest.param(
            ["a", {"Fn::If": ["IsProd", "b", {"Ref": "AWS::NoValue"}]}],
            '${concat(["a"], local.IsProd ? ["b"] : [])}',
            id="If in a list",
        ),
        pytest.param({"Fn::ImportValue": "x"}, '${Fn::ImportValue("x")}', id="an import"),
        pytest.param(
            {"a": 1, "Fn::Transform": "T"}, '${Fn::Transform("T")}', id="what a macro replaces"
        ),
        pytest.param(
            "a{{resolve:ssm:/x}}b", '${resolve("ssm:/x")}'.join("ab"), id="a dynamic reference"
        ),
        pytest.param({"Condition": {"x": 1}}, {"Condition": {"x": 1}}, id="no function"),
        pytest.param({"Fn::Join": "x"}, '${Fn::Join("x")}', id="a function of the wrong shape"),
    ],
)
def test_functions(written: object, expected: object) -> None:
    """A function is what Terraform writes for it; what only a deploy knows stays unknown."""
    assert Expressions(TEMPLATE, KNOWN).value(written) == expected


def test_depth_costs_nothing() -> None:
    """A list in lists is read once, however deep it lies."""
    nested: object = "x"
    for _ in range(90):
        nested = [nested]

    assert Expressions(TEMPLATE, KNOWN).value(nested) == nested


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"Fn::Equals": [{"Ref": "Name"}, "a"]}, '(var.Name == "a")'),
        ({"Fn::Not": [{"Condition": "IsProd"}]}, "!local.IsProd"),
        (
            {"Fn::Or": [{"Condition": "IsProd"}, {"Condition": "Gone"}]},
            '(local.IsProd || Condition("Gone"))',
        ),
        ("x", "condition(null)"),
    ],
)
def test_conditions(condition: object, expected: str) -> None:
    """A condition is an expression; one of another shape is unknown."""
    assert Expressions(TEMPLATE, KNOWN).condition(condition) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}, True),
        ({"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}}, True),
        ({"Resources": {"A": {"Type": "Pod"}}}, False),
        ({"Resources": []}, False),
        ({"resource": {}}, False),
    ],
)
def test_template_is_told_by_its_resources(content: dict[str, object], *, expected: bool) -> None:
    """Most templates have no mark but the types of their resources."""
    assert is_template(content) is expected


def test_conditional_policy_counts() -> None:
    """A policy that a condition decides is one that the role may have."""
    allow = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    given = {"PolicyName": "a", "PolicyDocument": TRUST | {"Statement": [allow]}}
    found = read(Deploy=role(Policies=[{"Fn::If": ["IsProd", given, {"Ref": "AWS::NoValue"}]}]))
    (policy,) = found.roles[0].policies

    assert policy.name == "a"
    assert policy.document is not None
    (part,) = policy.document.parts
    assert "only CloudFormation knows it" in part.premises[0].why


def test_conditional_denial_subtracts_nothing() -> None:
    """A statement that may not be there denies nothing."""
    deny = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    allow = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    statements = [allow, {"Fn::If": ["IsProd", deny, {"Ref": "AWS::NoValue"}]}]
    document = {"Version": "2012-10-17", "Statement": statements}
    found = read(Deploy=role(Policies=[{"PolicyName": "a", "PolicyDocument": document}]))
    (policy,) = found.roles[0].policies

    assert "Deny" not in json.dumps(as_object(policy.document and policy.document.content)) or (
        policy.document is not None and policy.document.left_out
    )


def test_list_from_a_parameter_is_not_lost() -> None:
    """A policy for roles that a parameter lists is a grant to a role that is not known."""
    attached: dict[str, object] = {
        "Type": "AWS::IAM::Policy",
        "Properties": {"PolicyName": "a", "PolicyDocument": TRUST, "Roles": {"Ref": "Name"}},
    }
    found = read(Give=attached)

    assert [one.kind for one in found.problems] == ["multiplicity", "unresolved"]
    assert [policy.name for one in found.roles for policy in one.policies] == ["a"]


@pytest.mark.parametrize(
    ("resource", "kind"),
    [
        pytest.param({"Type": "AWS::CloudFormation::Stack"}, "module", id="a nested stack"),
        pytest.param({"Type": "AWS::Serverless::Function"}, "module", id="a role that SAM makes"),
        pytest.param("x", "malformed", id="no resource"),
        pytest.param({"Type": "AWS::IAM::Role", "Properties": []}, "malformed", id="no properties"),
        pytest.param(
            {"Type": "AWS::IAM::Role", "Properties": {"Fn::If": []}}, "module", id="a function"
        ),
    ],
)
def test_what_is_not_read_is_named(resource: object, kind: str) -> None:
    """What a template does not say about access is listed."""
    found = read(Deploy=role(), Other=resource)

    assert kind in {one.kind for one in found.problems}


def test_resources_with_access_are_read() -> None:
    """Users, groups, repositories and their policies become what Terraform's would be."""
    named: dict[str, object] = {"PolicyName": "a", "PolicyDocument": TRUST}
    found = read(
        People=({"Type": "AWS::IAM::Group", "Properties": {"GroupName": "g", "Policies": [named]}}),
        Person={"Type": "AWS::IAM::User", "Properties": {"UserName": "u", "Groups": ["g"]}},
        Images={
            "Type": "AWS::ECR::Repository",
            "Properties": {
                "RepositoryName": "shop",
                "ImageTagMutability": "IMMUTABLE",
                "ImageScanningConfiguration": {"ScanOnPush": True},
                "RepositoryPolicyText": TRUST,
                "LifecyclePolicy": {"LifecyclePolicyText": "{}"},
            },
        },
    )
    (images,) = found.repositories

    assert (images.name, images.tag_mutability, images.scan_on_push) == ("shop", "IMMUTABLE", True)
    assert [one.resource for one in found.resource_policies] == ["shop"]
    assert [one.resource for one in found.lifecycles] == ["shop"]
    assert {one.name: [p.name for p in one.policies] for one in found.identities} == {
        "g": ["a"],
        "u": ["a"],
    }


def test_lines_are_those_of_the_template() -> None:
    """A finding is placed at the property of the template that says it."""
    found = read_estate(TEMPLATES / "deploy.yaml")
    (deploy,) = found.roles
    lines = (TEMPLATES / "deploy.yaml").read_text("utf-8").splitlines()

    assert deploy.trust is not None
    assert "AssumeRolePolicyDocument" in lines[deploy.trust.where.line - 1]


def test_aws_would_have_the_same() -> None:
    """The documents are those that moto's CloudFormation puts into IAM."""
    # moto makes no OIDC provider, so the role trusts one that is there.
    text = (TEMPLATES / "deploy.yaml").read_text("utf-8")
    template = as_object(parse_yaml(text.replace("!Ref GitHub", "arn:of:github")).content)
    made = {k: v for k, v in as_object(template["Resources"]).items() if k != "GitHub"}
    trust, inline = _of_moto({**template, "Resources": made})
    (deploy,) = read_estate(TEMPLATES / "deploy.yaml").roles
    ours = {name: content for name, content in contents(deploy).items() if name in inline}

    assert deploy.trust is not None
    assert _without_arns(deploy.trust.content) == _without_arns(trust)
    assert _without_arns(ours) == _without_arns(inline)


def _of_moto(template: object) -> tuple[object, dict[str, object]]:
    """Return the trust policy and the inline policies that moto makes of a template."""
    boto: Any = boto3
    with mock_aws():
        keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
        boto.client("cloudformation", region_name="eu-central-1", **keys).create_stack(
            StackName="shop",
            TemplateBody=json.dumps(template),
            Parameters=[{"ParameterKey": "Cluster", "ParameterValue": "shared"}],
        )
        iam = boto.client("iam", region_name="eu-central-1", **keys)
        trust = iam.get_role(RoleName="shop-deploy")["Role"]["AssumeRolePolicyDocument"]
        inline: dict[str, object] = {}
        for name in iam.list_role_policies(RoleName="shop-deploy")["PolicyNames"]:
            found = iam.get_role_policy(RoleName="shop-deploy", PolicyName=name)["PolicyDocument"]
            # moto writes some documents as Python would.
            inline[name] = literal_eval(found) if isinstance(found, str) else found
    return trust, inline


def _without_arns(value: object) -> object:
    """Return a document without what only an account decides."""
    if isinstance(value, dict):
        items = as_object(cast("object", value)).items()
        return {key: _without_arns(one) for key, one in items}
    if isinstance(value, list):
        return [_without_arns(one) for one in cast("list[object]", value)]
    is_place = isinstance(value, str) and (value.startswith("arn:") or "${" in value)
    return "ARN" if is_place else value
