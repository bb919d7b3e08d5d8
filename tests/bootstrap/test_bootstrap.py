"""What an account needs before the first deploy: whole policies, whole stack, every refusal."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from judges import identity as parliament
from judges import trust as cfn_lint

from deploy_access.bootstrap.plan import (
    Bootstrap,
    BootstrapOptions,
    check_boundary,
    check_principal,
    plan_bootstrap,
)
from deploy_access.bootstrap.stack import render_stack
from deploy_access.errors import InvalidValue
from deploy_access.terraform.estate import Estate
from deploy_access.terraform.stacks import S3Backend, Stack

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PROD = "444455556666"
TOOLS = "777788889999"
TERRAFORM = f"arn:aws:iam::{PROD}:role/ci/terraform"
STATE = f"arn:aws:iam::{PROD}:role/state"
BOUNDARY = f"arn:aws:iam::{PROD}:policy/boundary"
KEY = f"arn:aws:kms:eu-west-1:{PROD}:key/1234abcd"
BACKEND = S3Backend(
    bucket="acme-state",
    region="eu-west-1",
    key="deploy-access/account-prod.tfstate",
    kms_key=None,
    role_arn=None,
)
ACCOUNT = Stack(
    name="account-prod", account=PROD, region="eu-central-1", role_arn=TERRAFORM, backend=BACKEND
)


def plan(
    stack: Stack = ACCOUNT, wishes: BootstrapOptions | None = None, *others: Stack
) -> Bootstrap:
    """Plan the account `prod` of these stacks."""
    stacks = {found.name: found for found in (stack, *others)}
    return plan_bootstrap("prod", stacks, wishes or BootstrapOptions(), Estate())


def with_state(**changes: Any) -> Stack:
    """Change the backend of the account's stack."""
    return replace(ACCOUNT, backend=replace(BACKEND, **changes))


def policies(bootstrap: Bootstrap) -> dict[str, dict[str, object]]:
    """Read every policy of the roles."""
    return {
        f"{role.id} {name}": policy.to_dict()
        for role in bootstrap.roles
        for name, policy in {"trust": role.trust, **role.policies}.items()
    }


def document(*statements: Mapping[str, object]) -> dict[str, object]:
    """Write a policy."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trust(*principals: str) -> dict[str, object]:
    """Write the policy that lets these assume a role."""
    return document(
        {
            "Sid": "AssumeRole",
            "Effect": "Allow",
            "Principal": {"AWS": principals[0] if len(principals) == 1 else list(principals)},
            "Action": "sts:AssumeRole",
        }
    )


REGISTRY_TYPES = (
    "aws_ecr_pull_through_cache_rule",
    "aws_ecr_registry_policy",
    "aws_ecr_registry_scanning_configuration",
    "aws_ecr_replication_configuration",
    "aws_ecr_repository_creation_template",
)
PROVIDERS: list[dict[str, object]] = [
    {
        "Sid": "ManageOidcProviders",
        "Effect": "Allow",
        "Action": [
            "iam:AddClientIDToOpenIDConnectProvider",
            "iam:CreateOpenIDConnectProvider",
            "iam:DeleteOpenIDConnectProvider",
            "iam:GetOpenIDConnectProvider",
            "iam:RemoveClientIDFromOpenIDConnectProvider",
            "iam:TagOpenIDConnectProvider",
            "iam:UntagOpenIDConnectProvider",
            "iam:UpdateOpenIDConnectProviderThumbprint",
        ],
        "Resource": f"arn:aws:iam::{PROD}:oidc-provider/*",
    },
    {
        "Sid": "FindOidcProviders",
        "Effect": "Allow",
        "Action": "iam:ListOpenIDConnectProviders",
        "Resource": "*",
    },
]
GRANT: dict[str, object] = {
    "Sid": "GrantToRoles",
    "Effect": "Allow",
    "Action": [
        "iam:AttachRolePolicy",
        "iam:CreateRole",
        "iam:PutRolePermissionsBoundary",
        "iam:PutRolePolicy",
    ],
    "Resource": f"arn:aws:iam::{PROD}:role/*",
}
ROLE_ACTIONS = [
    "iam:DeleteRole",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:ListInstanceProfilesForRole",
    "iam:ListRolePolicies",
    "iam:TagRole",
    "iam:UntagRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole",
    "iam:UpdateRoleDescription",
]
POLICIES: dict[str, object] = {
    "Sid": "ManagePolicies",
    "Effect": "Allow",
    "Action": [
        "iam:CreatePolicy",
        "iam:CreatePolicyVersion",
        "iam:DeletePolicy",
        "iam:DeletePolicyVersion",
        "iam:GetPolicy",
        "iam:GetPolicyVersion",
        "iam:ListPolicyVersions",
        "iam:TagPolicy",
        "iam:UntagPolicy",
    ],
    "Resource": f"arn:aws:iam::{PROD}:policy/*",
}
REPOSITORIES: dict[str, object] = {
    "Sid": "ManageRepositories",
    "Effect": "Allow",
    "Action": [
        "ecr:CreateRepository",
        "ecr:DeleteLifecyclePolicy",
        "ecr:DeleteRepository",
        "ecr:DeleteRepositoryPolicy",
        "ecr:DescribeRepositories",
        "ecr:GetLifecyclePolicy",
        "ecr:GetRepositoryPolicy",
        "ecr:ListTagsForResource",
        "ecr:PutImageScanningConfiguration",
        "ecr:PutImageTagMutability",
        "ecr:PutLifecyclePolicy",
        "ecr:SetRepositoryPolicy",
        "ecr:TagResource",
        "ecr:UntagResource",
    ],
    "Resource": f"arn:aws:ecr:eu-central-1:{PROD}:repository/*",
}


def manage_roles(*actions: str) -> dict[str, object]:
    """Write the statement of the calls that give a role nothing."""
    return {
        "Sid": "ManageRoles",
        "Effect": "Allow",
        "Action": sorted([*ROLE_ACTIONS, *actions]),
        "Resource": f"arn:aws:iam::{PROD}:role/*",
    }


MANAGE_ACCESS = document(
    *PROVIDERS,
    GRANT,
    manage_roles("iam:DeleteRolePermissionsBoundary"),
    POLICIES,
    REPOSITORIES,
)
KEEP_STATE: list[dict[str, object]] = [
    {
        "Sid": "FindStates",
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": "arn:aws:s3:::acme-state",
    },
    {
        "Sid": "KeepStates",
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject"],
        "Resource": "arn:aws:s3:::acme-state/deploy-access/*.tfstate",
    },
    {
        "Sid": "LockStates",
        "Effect": "Allow",
        "Action": ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
        "Resource": "arn:aws:s3:::acme-state/deploy-access/*.tfstate.tflock",
    },
]


def test_one_role_for_everything() -> None:
    """Without a role of its own, the state is kept by the role that deploys."""
    assert policies(plan()) == {
        "terraform trust": trust(f"arn:aws:iam::{PROD}:root"),
        "terraform manage-access": MANAGE_ACCESS,
        "terraform keep-state": document(*KEEP_STATE),
    }


def test_a_role_of_its_own_for_the_state() -> None:
    """A role that only the backend names gets the states and nothing else."""
    assert policies(plan(with_state(role_arn=STATE))) == {
        "terraform trust": trust(f"arn:aws:iam::{PROD}:root"),
        "terraform manage-access": MANAGE_ACCESS,
        "state trust": trust(f"arn:aws:iam::{PROD}:root"),
        "state keep-state": document(*KEEP_STATE),
    }


def test_the_same_role_for_both() -> None:
    """A role that provider and backend both name is made once."""
    assert policies(plan(with_state(role_arn=TERRAFORM))) == policies(plan())


def test_state_in_another_account() -> None:
    """Where the bucket is elsewhere, neither it nor its permissions are made here."""
    found = plan(with_state(role_arn=f"arn:aws:iam::{TOOLS}:role/state"))

    assert found.bucket is None
    assert policies(found) == {
        "terraform trust": trust(f"arn:aws:iam::{PROD}:root"),
        "terraform manage-access": MANAGE_ACCESS,
    }
    assert found.notes[0] == (
        f"The state bucket 'acme-state' is in account {TOOLS}, "
        f"as its role arn:aws:iam::{TOOLS}:role/state is."
    )


def test_a_boundary_limits_what_is_given() -> None:
    """With a boundary every call that gives asks for it, and nobody takes it away or writes it."""
    found = policies(plan(wishes=BootstrapOptions(boundary=BOUNDARY)))

    assert found["terraform manage-access"] == document(
        *PROVIDERS,
        {**GRANT, "Condition": {"StringEquals": {"iam:PermissionsBoundary": BOUNDARY}}},
        manage_roles(),
        POLICIES,
        {
            "Sid": "KeepBoundary",
            "Effect": "Deny",
            "Action": [
                "iam:CreatePolicyVersion",
                "iam:DeletePolicy",
                "iam:DeletePolicyVersion",
                "iam:SetDefaultPolicyVersion",
            ],
            "Resource": BOUNDARY,
        },
        REPOSITORIES,
    )


def test_a_key_of_ones_own() -> None:
    """States under a KMS key can be read with it, and the bucket encrypts with it."""
    found = plan(with_state(kms_key=KEY))

    assert found.bucket is not None
    assert found.bucket.kms_key == KEY
    assert policies(found)["terraform keep-state"] == document(
        *KEEP_STATE,
        {
            "Sid": "UseStateKey",
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": KEY,
        },
    )


def test_a_key_that_is_not_named_after_the_stack() -> None:
    """Where the keys follow no rule, only the stack's own state is opened."""
    found = policies(plan(with_state(key="prod")))["terraform keep-state"]

    assert found == document(
        KEEP_STATE[0],
        {**KEEP_STATE[1], "Resource": "arn:aws:s3:::acme-state/prod"},
        {**KEEP_STATE[2], "Resource": "arn:aws:s3:::acme-state/prod.tflock"},
    )


def test_repositories_in_every_region_of_the_account() -> None:
    """Stacks of the account in other regions have their repositories there."""
    there = replace(ACCOUNT, name="web-prod", region="eu-west-3")
    stranger = replace(ACCOUNT, name="web-dev", account=TOOLS, region="us-east-1", backend=None)

    found = policies(plan(ACCOUNT, None, there, stranger))["terraform manage-access"]

    repositories = {
        **REPOSITORIES,
        "Resource": [
            f"arn:aws:ecr:eu-central-1:{PROD}:repository/*",
            f"arn:aws:ecr:eu-west-3:{PROD}:repository/*",
        ],
    }
    assert found == document(
        *PROVIDERS, GRANT, manage_roles("iam:DeleteRolePermissionsBoundary"), POLICIES, repositories
    )


def registry_statements(*types: str) -> list[dict[str, object]]:
    """Return what the role may do beyond an account without a registry."""
    stack = replace(ACCOUNT, resource_types=frozenset({"aws_iam_role", *types}))
    (role,), (plain,) = plan(stack).roles, plan().roles
    known = plain.policies["manage-access"].statements
    written = role.policies["manage-access"].statements
    return [one.to_dict() for one in written if one not in known]


def test_a_registry() -> None:
    """The role manages the registry's settings of its regions, as far as stacks have them."""
    assert registry_statements() == []
    assert registry_statements("aws_ecr_registry_policy") == [
        {
            "Sid": "ManageRegistry",
            "Effect": "Allow",
            "Action": [
                "ecr:DeleteRegistryPolicy",
                "ecr:GetRegistryPolicy",
                "ecr:PutRegistryPolicy",
            ],
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-central-1"}},
        }
    ]
    assert registry_statements(*REGISTRY_TYPES) == [
        {
            "Sid": "ManageRegistry",
            "Effect": "Allow",
            "Action": [
                "ecr:CreatePullThroughCacheRule",
                "ecr:CreateRepositoryCreationTemplate",
                "ecr:DeletePullThroughCacheRule",
                "ecr:DeleteRegistryPolicy",
                "ecr:DeleteRepositoryCreationTemplate",
                "ecr:DescribePullThroughCacheRules",
                "ecr:DescribeRegistry",
                "ecr:DescribeRepositoryCreationTemplates",
                "ecr:GetRegistryPolicy",
                "ecr:GetRegistryScanningConfiguration",
                "ecr:PutRegistryPolicy",
                "ecr:PutRegistryScanningConfiguration",
                "ecr:PutReplicationConfiguration",
                "ecr:UpdatePullThroughCacheRule",
                "ecr:UpdateRepositoryCreationTemplate",
            ],
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-central-1"}},
        },
        {
            "Sid": "MakeRolesOfEcr",
            "Effect": "Allow",
            "Action": "iam:CreateServiceLinkedRole",
            "Resource": [
                f"arn:aws:iam::{PROD}:role/aws-service-role/pullthroughcache.ecr.amazonaws.com/*",
                f"arn:aws:iam::{PROD}:role/aws-service-role/replication.ecr.amazonaws.com/*",
            ],
            "Condition": {
                "StringEquals": {
                    "iam:AWSServiceName": [
                        "pullthroughcache.ecr.amazonaws.com",
                        "replication.ecr.amazonaws.com",
                    ]
                }
            },
        },
    ]


def test_a_registry_of_another_account() -> None:
    """What another account has is no business of this one's role."""
    other = replace(
        ACCOUNT, name="account-dev", account=TOOLS, resource_types=frozenset(REGISTRY_TYPES)
    )

    assert policies(plan(ACCOUNT, BootstrapOptions(bucket=True), other)) == policies(plan())


def test_trusted_principals() -> None:
    """Whoever is named may assume the roles, and the account as such may not."""
    ci = [f"arn:aws:iam::{TOOLS}:role/ci", f"arn:aws:iam::{PROD}:user/ada"]

    found = policies(plan(wishes=BootstrapOptions(trusted=ci)))

    assert found["terraform trust"] == trust(*sorted(ci))


def test_china_has_arns_of_its_own() -> None:
    """The partition follows from the region, in every ARN."""
    role = f"arn:aws-cn:iam::{PROD}:role/terraform"
    there = replace(
        with_state(region="cn-north-1", kms_key=f"arn:aws-cn:kms:cn-north-1:{PROD}:key/1"),
        region="cn-north-1",
        role_arn=role,
    )

    text = render_stack(plan(there))

    assert text.count("arn:aws-cn:") == text.count("arn:")


ACCEPTED = [
    # AWS's own examples compare `iam:PermissionsBoundary` with `StringEquals`:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    ("MISMATCHED_TYPE_BUT_USABLE", "StringEquals requires a value of type String but given Arn"),
]


@pytest.mark.parametrize(
    ("stack", "wishes"),
    [
        pytest.param(ACCOUNT, BootstrapOptions(), id="plain"),
        pytest.param(ACCOUNT, BootstrapOptions(boundary=BOUNDARY), id="boundary"),
        pytest.param(
            with_state(kms_key=KEY, role_arn=STATE), BootstrapOptions(), id="kms and state role"
        ),
        pytest.param(
            replace(ACCOUNT, resource_types=frozenset(REGISTRY_TYPES)),
            BootstrapOptions(),
            id="registry",
        ),
    ],
)
def test_parliament_accepts_every_policy(stack: Stack, wishes: BootstrapOptions) -> None:
    """Every action exists, takes these resources and has these condition keys."""
    made = [policy for role in plan(stack, wishes).roles for policy in role.policies.values()]

    found = [
        finding for policy in made for finding in parliament.findings(policy, accepted=ACCEPTED)
    ]
    assert found == []


def test_cfn_lint_accepts_the_trust_policies() -> None:
    """AWS's grammar of trust policies has nothing against those of the roles."""
    named = BootstrapOptions(trusted=[f"arn:aws:iam::{TOOLS}:role/ci", f"arn:aws:iam::{PROD}:root"])
    made = {
        "Account": plan().roles[0].trust.to_dict(),
        "Named": plan(wishes=named).roles[0].trust.to_dict(),
    }

    assert cfn_lint.findings(made) == {}


# What AWS provider 5.100.0 logged (`TF_LOG_PROVIDER=debug`) while it applied, planned and destroyed
# the example's `account-prod`, `web-images` and `web-prod`. Anybody may call GetCallerIdentity.
SEEN_CALLS = {
    "ecr:CreateRepository",
    "ecr:DeleteLifecyclePolicy",
    "ecr:DeleteRepository",
    "ecr:DeleteRepositoryPolicy",
    "ecr:DescribeRepositories",
    "ecr:GetLifecyclePolicy",
    "ecr:GetRepositoryPolicy",
    "ecr:ListTagsForResource",
    "ecr:PutLifecyclePolicy",
    "ecr:SetRepositoryPolicy",
    "iam:AttachRolePolicy",
    "iam:CreateOpenIDConnectProvider",
    "iam:CreatePolicy",
    "iam:CreateRole",
    "iam:DeleteOpenIDConnectProvider",
    "iam:DeletePolicy",
    "iam:DeleteRole",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:GetOpenIDConnectProvider",
    "iam:GetPolicy",
    "iam:GetPolicyVersion",
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:ListInstanceProfilesForRole",
    "iam:ListPolicyVersions",
    "iam:ListRolePolicies",
    "iam:PutRolePolicy",
}


@pytest.mark.parametrize(
    "wishes", [BootstrapOptions(), BootstrapOptions(boundary=BOUNDARY)], ids=["plain", "boundary"]
)
def test_every_call_that_terraform_makes_is_allowed(wishes: BootstrapOptions) -> None:
    """The role can make, read and destroy what the constructs describe."""
    (role,) = plan(wishes=wishes).roles

    allowed = {
        action
        for statement in role.policies["manage-access"].statements
        if statement.effect == "Allow"
        for action in statement.actions
    }

    assert sorted(SEEN_CALLS - allowed) == []


def test_no_policy_is_wide() -> None:
    """No statement allows a whole service, and only a call without a resource has `*`."""
    statements = [
        statement
        for role in plan(with_state(kms_key=KEY)).roles
        for policy in role.policies.values()
        for statement in policy.statements
    ]

    assert [s.sid for s in statements if any("*" in action for action in s.actions)] == []
    assert [s.sid for s in statements if "*" in s.resources] == ["FindOidcProviders"]


def test_the_whole_stack() -> None:
    """The bucket and the role are written as literals, with a state beside them."""
    written = json.loads(render_stack(plan()))
    resources = written.pop("resource")

    assert written == {
        "//": "Made by `deploy-access bootstrap`. Make it anew instead of changing it.",
        "provider": {"aws": [{"allowed_account_ids": [PROD], "region": "eu-west-1"}]},
        "terraform": {
            "backend": {"local": {}},
            "required_providers": {
                "aws": {"source": "hashicorp/aws", "version": ">= 5.100.0, < 7.0.0"}
            },
            "required_version": ">= 1.11",
        },
    }
    assert resources == {**BUCKET, **ROLES}


ROLES: dict[str, object] = {
    "aws_iam_role": {
        "terraform": {
            "name": "terraform",
            "path": "/ci/",
            "description": "Terraform assumes this role to deploy the stacks of this account.",
            "assume_role_policy": plan().roles[0].trust.to_json(),
        }
    },
    "aws_iam_role_policy": {
        f"terraform-{name}": {
            "name": name,
            "role": "terraform",
            "policy": plan().roles[0].policies[name].to_json(),
            "depends_on": ["aws_iam_role.terraform"],
        }
        for name in ("manage-access", "keep-state")
    },
}
BUCKET: dict[str, object] = {
    "aws_s3_bucket": {"state": {"bucket": "acme-state", "lifecycle": [{"prevent_destroy": True}]}},
    "aws_s3_bucket_versioning": {
        "state": {
            "bucket": "acme-state",
            "depends_on": ["aws_s3_bucket.state"],
            "versioning_configuration": [{"status": "Enabled"}],
        }
    },
    "aws_s3_bucket_server_side_encryption_configuration": {
        "state": {
            "bucket": "acme-state",
            "depends_on": ["aws_s3_bucket.state"],
            "rule": [
                {
                    "apply_server_side_encryption_by_default": [{"sse_algorithm": "AES256"}],
                    "bucket_key_enabled": False,
                }
            ],
        }
    },
    "aws_s3_bucket_public_access_block": {
        "state": {
            "bucket": "acme-state",
            "depends_on": ["aws_s3_bucket.state"],
            "block_public_acls": True,
            "block_public_policy": True,
            "ignore_public_acls": True,
            "restrict_public_buckets": True,
        }
    },
    "aws_s3_bucket_policy": {
        "state": {
            "bucket": "acme-state",
            "depends_on": ["aws_s3_bucket_public_access_block.state"],
            "policy": (
                '{"Statement":[{"Action":"s3:*","Condition":{"Bool":{"aws:SecureTransport":"false"'
                '}},"Effect":"Deny","Principal":{"AWS":"*"},"Resource":["arn:aws:s3:::acme-state",'
                '"arn:aws:s3:::acme-state/*"],"Sid":"OnlyOverTls"}],"Version":"2012-10-17"}'
            ),
        }
    },
}


def test_a_key_of_ones_own_encrypts_the_bucket() -> None:
    """With a KMS key the bucket encrypts with it, at the price of one call a bucket."""
    written = json.loads(render_stack(plan(with_state(kms_key=KEY))))

    kind = "aws_s3_bucket_server_side_encryption_configuration"
    assert written["resource"][kind]["state"]["rule"] == [
        {
            "apply_server_side_encryption_by_default": [
                {"sse_algorithm": "aws:kms", "kms_master_key_id": KEY}
            ],
            "bucket_key_enabled": True,
        }
    ]


def test_only_the_bucket() -> None:
    """Where Terraform uses the caller's own rights there is no role to make."""
    written = json.loads(render_stack(plan(replace(ACCOUNT, role_arn=None))))

    assert written["resource"] == BUCKET


def test_only_the_role() -> None:
    """Where the state is beside the stack there is no bucket to make."""
    found = plan(replace(ACCOUNT, backend=None))
    written = json.loads(render_stack(found))

    assert sorted(written["resource"]) == ["aws_iam_role", "aws_iam_role_policy"]
    assert written["provider"]["aws"][0]["region"] == "eu-central-1"
    assert found.notes[0] == "Its state is not kept in S3, so there is no bucket to make."


def test_the_text_is_the_same_every_time() -> None:
    """The file can be committed: sorted, indented by two, one line feed at the end."""
    text = render_stack(plan())

    assert text == json.dumps(json.loads(text), indent=2, sort_keys=True) + "\n"


@pytest.mark.parametrize(("bucket", "made"), [(True, True), (False, False)])
def test_a_bucket_of_several_accounts_is_made_where_it_is_said(*, bucket: bool, made: bool) -> None:
    """Where several accounts share a bucket, a person says which one it belongs to."""
    other = replace(ACCOUNT, name="account-dev", account=TOOLS)

    assert (plan(ACCOUNT, BootstrapOptions(bucket=bucket), other).bucket is not None) is made


GIVEN_BAD: dict[str, tuple[Callable[[], object], object, str]] = {
    "misspelt account": (
        lambda: plan_bootstrap("prd", {"account-prod": ACCOUNT}, BootstrapOptions(), Estate()),
        "prd",
        "Did you mean 'prod'?",
    ),
    "unknown account": (
        lambda: plan_bootstrap(
            "xyz", {"account-prod": ACCOUNT, "web-prod": ACCOUNT}, BootstrapOptions(), Estate()
        ),
        "xyz",
        "Accounts: prod.",
    ),
    "no account at all": (
        lambda: plan_bootstrap("xyz", {}, BootstrapOptions(), Estate()),
        "xyz",
        "Accounts: none.",
    ),
    "a provider without an account": (
        lambda: plan(replace(ACCOUNT, account=None)),
        {"allowed_account_ids": None, "region": "eu-central-1"},
        "as plain text",
    ),
    "a bucket of several accounts": (
        lambda: plan(ACCOUNT, None, replace(ACCOUNT, name="account-dev", account=TOOLS)),
        [PROD, TOOLS],
        "`--no-bucket` for the others",
    ),
    "a bucket of another account": (
        lambda: plan(
            with_state(role_arn=f"arn:aws:iam::{TOOLS}:role/state"), BootstrapOptions(bucket=True)
        ),
        f"arn:aws:iam::{TOOLS}:role/state",
        "Leave `--bucket` out",
    ),
    "a role of another account": (
        lambda: plan(replace(ACCOUNT, role_arn=f"arn:aws:iam::{TOOLS}:role/terraform")),
        f"arn:aws:iam::{TOOLS}:role/terraform",
        "Name a role of that account",
    ),
    "a role that is no ARN": (
        lambda: plan(replace(ACCOUNT, role_arn="terraform")),
        "terraform",
        "role/terraform'",
    ),
    "an alias as the state's key": (
        lambda: plan(with_state(kms_key=f"arn:aws:kms:eu-west-1:{PROD}:alias/state")),
        f"arn:aws:kms:eu-west-1:{PROD}:alias/state",
        ":key/",
    ),
}


@pytest.mark.parametrize("case", GIVEN_BAD)
def test_bad_input_is_refused(case: str) -> None:
    """What cannot be bootstrapped is said: what was found, and what to do."""
    make, given, fix = GIVEN_BAD[case]

    with pytest.raises(InvalidValue) as caught:
        make()

    (problem,) = caught.value.problems
    assert problem.given == given
    assert fix in problem.fix


@pytest.mark.parametrize(
    ("arn", "fine"),
    [
        (f"arn:aws:iam::{PROD}:root", True),
        (f"arn:aws-cn:iam::{PROD}:role/a/b", True),
        (f"arn:aws:iam::{PROD}:user/ada", True),
        ("*", False),
        (PROD, False),
        (f"arn:aws:iam::{PROD}:group/admins", False),
        (f"arn:aws:sts::{PROD}:assumed-role/a/b", False),
    ],
)
def test_principals_are_checked(arn: str, *, fine: bool) -> None:
    """Only what IAM accepts as a principal, and never everybody, may assume the role."""
    assert (list(check_principal(arn)) == []) is fine


@pytest.mark.parametrize(
    ("arn", "fine"),
    [
        (BOUNDARY, True),
        ("arn:aws:iam::aws:policy/PowerUserAccess", True),
        ("boundary", False),
        (f"arn:aws:iam::{PROD}:role/boundary", False),
    ],
)
def test_boundaries_are_checked(arn: str, *, fine: bool) -> None:
    """A boundary is a managed policy."""
    assert (list(check_boundary(arn)) == []) is fine
