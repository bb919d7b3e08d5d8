"""What decides about the keys of a request, which no token holds."""

from __future__ import annotations

import pytest
from explain_cases import AUDIENCE, HOST, MAIN, conditioned, explain, run_of

from deploy_access.explain.request_keys import what_decides


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("aws:SourceIp", "`gh api meta --jq .actions`"),
        ("AWS:sourceip", "`gh api meta --jq .actions`"),
        ("aws:SourceVpc", "VPC endpoint"),
        ("aws:SourceVpce", "VPC endpoint"),
        ("aws:SourceVpcArn", "VPC endpoint"),
        ("aws:VpcSourceIp", "VPC endpoint"),
        ("aws:VpceOrgID", "VPC endpoint"),
        ("aws:RequestedRegion", "`aws-region`"),
        ("aws:CurrentTime", "`eventTime`"),
        ("aws:EpochTime", "`eventTime`"),
        ("aws:SecureTransport", "'true'"),
        ("aws:UserAgent", "the caller chooses"),
        ("aws:Referer", "the caller chooses"),
        ("aws:PrincipalTag/team", "is not signed"),
        ("aws:PrincipalArn", "is not signed"),
        ("aws:PrincipalAccount", "is not signed"),
        ("aws:PrincipalOrgID", "is not signed"),
        ("aws:PrincipalIsAWSService", "an AWS service makes"),
        ("aws:PrincipalServiceName", "an AWS service makes"),
        ("aws:FederatedProvider", "is not signed"),
        ("aws:MultiFactorAuthPresent", "is not signed"),
        ("aws:userid", "is not signed"),
        ("aws:RequestTag/team", "GitHub's tokens have none"),
        ("aws:TagKeys", "GitHub's tokens have none"),
        ("aws:ResourceTag/team", "role itself"),
        ("aws:ResourceOrgID", "role itself"),
        ("aws:SourceArn", "an AWS service makes"),
        ("aws:SourceAccount", "an AWS service makes"),
        ("aws:SourceOrgID", "an AWS service makes"),
        ("aws:SourceIdentity", "is not signed"),
        ("aws:CalledVia", "an AWS service makes"),
        ("aws:ViaAWSService", "an AWS service makes"),
        ("sts:ExternalId", "no external id"),
        ("sts:RoleSessionName", "`role-session-name`"),
        ("sts:SourceIdentity", "GitHub's tokens have none"),
        ("sts:TransitiveTagKeys", "GitHub's tokens have none"),
        ("sts:RoleAuthorizedByIdp", "GitHub's tokens have none"),
        ("aws:SomethingNew", "reference_policies_condition-keys.html"),
    ],
)
def test_what_decides(key: str, says: str) -> None:
    """An undecided condition on a key of the request says what the key depends on."""
    trust = conditioned(
        {"StringEquals": {**AUDIENCE, f"{HOST}:sub": MAIN}, "StringLike": {key: "x"}}
    )
    finding = explain(run_of(), trust)

    assert (finding.answer, finding.cause.id) == ("unknown", "undecided")
    (change,) = finding.cause.changes
    assert (change.side, change.text) == ("account", what_decides(key))
    assert change.text.startswith(f"`{key}` ")
    assert says in change.text


def test_several_keys() -> None:
    """Each key that is not known has a sentence of its own, once."""
    wanted = {"aws:SourceIp": "10.0.0.0/8"}
    trust = conditioned(
        {
            "StringEquals": {**AUDIENCE, f"{HOST}:sub": MAIN, "aws:SourceVpc": "vpc-1"},
            "IpAddress": wanted,
            "NotIpAddress": wanted,
        }
    )

    texts = [change.text for change in explain(run_of(), trust).cause.changes]

    assert texts == [what_decides("aws:SourceVpc"), what_decides("aws:SourceIp")]
