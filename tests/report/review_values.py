"""Reviews by hand, for the tests of who renders them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.access_diff.model import (
    AccessChange,
    Delta,
    Party,
    PermissionGrant,
    TrustGrant,
    Witness,
)
from deploy_access.audit.finding import finding
from deploy_access.audit.report_model import PlacedFinding
from deploy_access.resource_diff.model import AttributeChange, ResourceChange
from deploy_access.review.model import ChangedStacks, Review
from deploy_access.terraform.estate import Unread, Where

if TYPE_CHECKING:
    from deploy_access.iam.access_level import Level

ACCOUNT = "444455556666"
GITHUB = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
REPOSITORY = f"arn:aws:ecr:eu-central-1:{ACCOUNT}:repository/web"
ROLE = Party(kind="role", account=ACCOUNT, name="web-prod-deploy")
WHERE = Where("cdktf.out/stacks/web-prod/cdk.tf.json", "aws_iam_role.Deploy_7B206E61", "web-prod")


def trusted(subject: str, **more: object) -> TrustGrant:
    """Let in a subject of GitHub's provider."""
    given = {"principal": GITHUB, "subject": subject, "conditions": ("aud is sts.amazonaws.com",)}
    return TrustGrant(**{**given, **more})  # type: ignore[arg-type]


def allowed(
    action: str, level: Level, resource: str = REPOSITORY, **more: object
) -> PermissionGrant:
    """Allow one action."""
    given = {"action": action, "actions": {level: (action,)}, "resource": resource}
    return PermissionGrant(**{**given, **more})  # type: ignore[arg-type]


WIDER = AccessChange(
    party=ROLE,
    presence="kept",
    stack="web-prod",
    trust=Delta(
        gained=(
            trusted(
                "repo:acme@123456/web@456789:*",
                is_pattern=True,
                witness="repo:acme@123456/web@456789:pull_request",
            ),
        ),
        kept=(trusted("repo:acme@123456/web@456789:environment:prod"),),
    ),
    permissions=Delta(
        gained=(
            allowed("ecr:PutImage", "write"),
            allowed("ecr:UploadLayerPart", "write"),
            allowed("ecr:BatchGetImage", "read"),
            PermissionGrant(
                action="ecr:*",
                actions={
                    "read": ("ecr:BatchGetImage",),
                    "permissions management": ("ecr:SetRepositoryPolicy",),
                },
                resource="*",
                certain=False,
                why="the boundary was widened",
                witness=Witness(action="ecr:SetRepositoryPolicy", resource=REPOSITORY),
            ),
        ),
        lost=(
            allowed("ecr:ListImages", "list", conditions=("aws:RequestedRegion is eu-central-1",)),
        ),
    ),
    session=(3600, 14400),
)
MADE = AccessChange(
    party=Party(kind="role", account=ACCOUNT, name="web-qa-deploy"),
    presence="made",
    stack="web-qa",
    trust=Delta(gained=(trusted("repo:acme@123456/web@456789:environment:qa"),)),
    permissions=Delta(gained=(allowed("ecr:PutImage", "write"),)),
)
GONE = AccessChange(
    party=Party(kind="role", account=ACCOUNT, name="web-old-deploy"),
    presence="gone",
    stack="web-old",
    trust=Delta(lost=(trusted("repo:acme@123456/web@456789:environment:old"),)),
)
SHARED = AccessChange(
    party=Party(kind="repository", account=ACCOUNT, name="web", region="eu-central-1"),
    presence="kept",
    stack="web-images",
    permissions=Delta(
        gained=(
            allowed("ecr:BatchGetImage", "read", "*", principal="arn:aws:iam::999999999999:root"),
        )
    ),
)
LOST = ResourceChange(
    stack="web-images",
    address="aws_ecr_repository.Image_9D742C96",
    type="aws_ecr_repository",
    name="web",
    action="replace",
    attributes=(AttributeChange(name="name", before='"web"', after='"shop"'),),
    holds_data=True,
    why='A repository cannot be renamed: `name` changed from "web" to "shop".',
)
CHANGED = ResourceChange(
    stack="web-prod",
    address="aws_iam_role.Deploy_7B206E61",
    type="aws_iam_role",
    name="web-prod-deploy",
    action="update",
    attributes=(
        AttributeChange(name="max_session_duration", before="3600", after="14400"),
        AttributeChange(name="description", before=None, after='"for web"'),
        AttributeChange(name="assume_role_policy", before="{}" * 50, after="{}"),
    ),
)
FOUND = PlacedFinding(
    finding=finding(
        "repo-wide",
        "repo:acme@123456/web@456789:*",
        "Every branch, every pull request and every environment of the repository matches.",
        'Trust what deploys: `.environment("prod")`, `.branch("main")` or a tag.',
    ),
    subject=f"role web-prod-deploy ({ACCOUNT})",
    where=WHERE,
)
ACCEPTED = PlacedFinding(
    finding=FOUND.finding,
    subject=FOUND.subject,
    where=WHERE,
    accepted="pilot until 2027-01, see #42 and ask @acme/platform",
)
UNREAD = Unread(
    kind="unresolved", what="A part of the policy is not known.", given="${var.x}", where=WHERE
)
EVERYTHING = Review(
    access=(WIDER, MADE, SHARED, GONE),
    resources=(LOST, CHANGED),
    new_findings=(FOUND,),
    fixed_findings=(FOUND,),
    new_acceptances=(ACCEPTED,),
    stacks=ChangedStacks(added=("web-qa",), changed=("web-prod",), removed=("web-old",)),
    problems=(UNREAD,),
)
