"""Trust policies, and the rules that fire on each."""

from __future__ import annotations

from typing import Any

from audit_policies import ACCOUNT, ACTION, ARN, AUD, HOST, SUB, Json, conditions, trust

OTHER = "444455556666"


def sub(value: Any, operator: str = "StringLike", **more: Any) -> Json:
    """Make a trust policy that compares `sub` by itself."""
    return (
        trust(StringEquals=conditions(sub=None, **more), **{operator: {f"{HOST}:sub": value}})
        if operator != "StringEquals"
        else trust(StringEquals=conditions(sub=value, **more))
    )


def key(name: str, value: Any = "x", operator: str = "StringEquals") -> Json:
    """Make a good trust policy with one more condition."""
    condition: Json = {"StringEquals": conditions()}
    condition.setdefault(operator, {})[name] = value
    return trust(**condition)


BAD_TRUST: list[tuple[str, Any, list[str]]] = [
    ("no sub", trust(StringEquals=conditions(sub=None)), ["no-sub", "shared-issuer"]),
    ("no condition", trust({"Condition": {}}), ["no-aud", "no-sub", "shared-issuer"]),
    ("sub is not equal", sub(SUB, "StringNotEquals"), ["no-sub", "shared-issuer"]),
    ("no aud", trust(StringEquals=conditions(aud=None)), ["no-aud"]),
    ("aud by pattern", sub(SUB, "StringEquals", aud=None), ["no-aud"]),
    (
        "aud by exact pattern",
        trust(StringEquals=conditions(aud=None), StringLike={f"{HOST}:aud": AUD}),
        ["loose-aud"],
    ),
    (
        "aud by wildcard",
        trust(StringEquals=conditions(aud=None), StringLike={f"{HOST}:aud": "*"}),
        ["loose-aud"],
    ),
    ("several audiences", trust(StringEquals=conditions(aud=[AUD, "x"])), ["loose-aud"]),
    ("star under equals", sub("repo:acme@1/web@2:*", "StringEquals"), ["star-equals"]),
    ("star aud under equals", trust(StringEquals=conditions(aud="*")), ["star-equals"]),
    ("everybody", sub("repo:*"), ["star-sub"]),
    ("organization", sub("repo:acme/*"), ["org-wide"]),
    ("repository", sub("repo:acme@1/web@2:*"), ["repo-wide"]),
    ("one weak value of two", sub([SUB, "repo:acme@1/web@2:*"]), ["repo-wide"]),
    ("ids are patterns", sub("repo:acme@*/web@*:environment:prod"), ["id-wildcard"]),
    ("short ref", sub("repo:acme@1/web@2:ref:main", "StringEquals"), ["bad-ref"]),
    ("repository alone", sub("repo:acme@1/web@2", "StringEquals"), ["bad-ref"]),
    ("no claim", sub("repo:acme@1/web@2:env:prod", "StringEquals"), ["bad-ref"]),
    ("address", sub("repo:https://github.com/acme/web:*"), ["bad-ref"]),
    ("short ref beside it", key(f"{HOST}:ref", "main"), ["bad-ref"]),
    ("environments", sub("repo:acme@1/web@2:environment:prod-*"), ["environment-glob"]),
    ("any environment", sub("repo:acme@1/web@2:environment:*"), ["any-environment"]),
    ("any tag", sub("repo:acme@1/web@2:ref:refs/tags/*"), ["any-tag"]),
    ("environment and ref", sub("repo:acme@1/web@2:environment:prod:ref:refs/heads/main"),
     ["custom-template"]),
    ("something behind an environment",
     sub("repo:acme@1/web@2:environment:prod:*"), ["custom-template", "env-unprotected"]),
    ("environment runs into ref", sub("repo:acme@1/web@2:environment:*ref:refs/heads/main"),
     ["custom-template"]),
    ("letter case", sub(SUB, "StringEqualsIgnoreCase"), ["ignore-case"]),
    ("workflow's name in sub", sub("workflow:deploy:repo:acme@1/web@2", "StringEquals"),
     ["repo-wide"]),
    ("everybody, one repository", sub("repo:*", repository="acme/web"), ["repo-wide"]),
    (
        "every sub of many",
        trust(**{"ForAllValues:StringEquals": conditions()}),
        ["for-all-values", "for-all-values"],
    ),
    ("if there is a sub", trust(StringEqualsIfExists=conditions()), ["if-exists", "if-exists"]),
    ("iss", key(f"{HOST}:iss"), ["wrong-key"]),
    ("owner by name", key(f"{HOST}:repository_owner"), ["wrong-key"]),
    ("event", key(f"{HOST}:event_name"), ["wrong-key"]),
    ("another prefix", key("actions.githubusercontent.com:sub"), ["wrong-key"]),
    ("a workflow on a branch", key(f"{HOST}:job_workflow_ref", "acme/ci/*", "StringLike"),
     ["loose-job-workflow-ref"]),
    ("refs that look alike", key(f"{HOST}:ref", "refs/heads/release/*", "StringLike"),
     ["loose-claim"]),
    ("provider by host", trust({"Principal": {"Federated": HOST}}), ["wrong-principal"]),
    (
        "provider of another account",
        trust({"Principal": {"Federated": ARN.replace(ACCOUNT, OTHER)}}),
        ["wrong-principal"],
    ),
    (
        "everybody beside it",
        trust({"Principal": {"Federated": ARN, "AWS": "*"}}),
        ["wrong-principal"],
    ),
    (
        "an account beside it",
        trust({"Principal": {"Federated": ARN, "AWS": f"arn:aws:iam::{OTHER}:root"}}),
        ["wrong-principal"],
    ),
    ("any principal", trust({"Principal": "*"}), ["wrong-principal"]),
    (
        "all but somebody",
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "NotPrincipal": {"AWS": f"arn:aws:iam::{OTHER}:root"},
                "Action": ACTION,
                "Condition": {"StringEquals": conditions()},
            },
        },
        ["not-principal"],
    ),
    ("assume role", trust({"Action": "sts:AssumeRole"}), ["wrong-action"]),
    ("all of sts", trust({"Action": "sts:*"}), ["wrong-action"]),
    ("session tags", trust({"Action": [ACTION, "sts:TagSession"]}), ["tag-session"]),
    (
        "the issuer of 2021",
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/vs{HOST}"},
                "Action": ACTION,
                "Condition": {"StringEquals": {f"vs{HOST}:sub": SUB, f"vs{HOST}:aud": AUD}},
            },
        },
        ["retired-issuer"],
    ),
    ("actor and no sub", trust(StringEquals=conditions(sub=None, actor="me")),
     ["no-sub", "shared-issuer", "user-claim"]),
    ("workflow's name", sub("repo:acme@1/web@2:*", workflow="Deploy"),
     ["repo-wide", "user-claim"]),
    ("ref and organization", sub("repo:acme/*", ref="refs/heads/main"),
     ["org-wide", "user-claim"]),
    ("names", sub("repo:acme/web:ref:refs/heads/main", "StringEquals"), ["legacy-name"]),
    ("environment", sub("repo:acme@1/web@2:environment:prod", "StringEquals"),
     ["env-unprotected"]),
    ("renamed", sub(["repo:acme@1/web@2:pull_request", "repo:acme@1/old@2:pull_request"],
                    "StringEquals"), ["former-name"]),
    ("people beside it", {"Version": "2012-10-17", "Statement": [
        *trust()["Statement"],
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
         "Action": "sts:AssumeRole", "Condition": {"ArnEquals": {
             "aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/admin"}}},
    ]}, ["people"]),
    ("no version", {"Statement": trust()["Statement"]}, ["malformed-policy"]),
    ("no policy", "[]", ["malformed-policy"]),
    ("no JSON", "{", ["malformed-policy"]),
    ("too long", trust({"Sid": "x" * 200_000}), ["malformed-policy"]),
    ("no such operator", trust(StringEquals=conditions(), StringSame={"aws:SourceIp": "x"}),
     ["malformed-policy"]),
]  # fmt: skip
GOOD_TRUST: list[tuple[str, Any]] = [
    ("exact", trust()),
    ("pattern of tags", sub("repo:acme@1/web@2:ref:refs/tags/v*")),
    ("two conditions, one narrow", trust(StringEquals=conditions(),
                                         StringLike={f"{HOST}:sub": "repo:acme@1/*"})),
    ("any value", trust(**{"ForAnyValue:StringEquals": conditions()})),
    ("one more key of AWS", key(f"{HOST}:repository_id", "2")),
    ("key in another case", trust(StringEquals={f"{HOST.upper()}:SUB": SUB, f"{HOST}:Aud": AUD})),
    ("a global key", key("aws:SourceIp", "10.0.0.0/8", "IpAddress")),
    ("templates of a repository's own", sub([
        "repository_owner:acme:repo:acme@1/web@2:ref:refs/heads/main",
        "repository_id:2:environment:prod",
        "repo:acme@1/web@2:environment:eu%3Aprod:repo_property_team:web",
        "repo:acme@1/web@2:job_workflow_ref:acme/ci/.github/workflows/d.yml@refs/heads/m",
        "repo:acme@1/web@2:ref:refs/heads/m:job_workflow_ref:acme/ci/.github/workflows/d.yml@v1",
    ], "StringEquals")),
    ("one workflow",
     key(f"{HOST}:job_workflow_ref", "acme/ci/.github/workflows/d.yml@refs/heads/m")),
    ("denied", {"Version": "2012-10-17", "Statement": [
        *trust()["Statement"],
        {"Effect": "Deny", "Principal": "*", "Action": "sts:*",
         "Condition": {"StringNotLike": {f"{HOST}:sub": "repo:acme*"}}},
    ]}),
    ("not an OIDC role", trust({"Principal": {"Service": "ecs-tasks.amazonaws.com"},
                                "Action": "sts:AssumeRole", "Condition": {}})),
    ("SAML", trust({"Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/x"},
                    "Action": "sts:AssumeRoleWithSAML", "Condition": {}})),
    ("Cognito", trust({"Principal": {"Federated": "cognito-identity.amazonaws.com"},
                       "Condition": {"StringEquals": {
                           "cognito-identity.amazonaws.com:aud": "eu-central-1:pool"}}})),
    ("GitLab", {"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": ACTION,
        "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/gitlab.com"},
        "Condition": {"StringEquals": {"gitlab.com:aud": "https://gitlab.com"},
                      "StringLike": {"gitlab.com:sub":
                                     "project_path:acme/web:ref_type:tag:ref:v*"}}}}),
    ("provider known to Terraform only",
     trust({"Principal": {"Federated": "${data.aws_iam_openid_connect_provider.x.arn}"}})),
    ("known to Terraform only", sub("repo:${var.repository}:environment:prod", "StringEquals")),
]  # fmt: skip
