"""
The condition keys that no token holds: what decides about each in a request for a role.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
(availability of each key),
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html,
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html (the request
needs no credentials, and has no external id and no tags beside those of the token)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_ENDPOINT = (
    "is there only in a request through a VPC endpoint. GitHub's own runners have none; a runner "
    "of yours has if its VPC has an endpoint for STS"
)
_SIGNED = (
    "is of the principal that signs a request. A request with a token is not signed, so it most "
    "likely has none, and only an operator with `IfExists`, `Null` or a negation is met"
)
_SERVICE = (
    "is of a request that an AWS service makes. A runner asks by itself, so it is missing, or "
    "'false' where it is a Bool"
)
_SESSION = (
    "comes from a claim of the token that begins with `https://aws.amazon.com/`; GitHub's tokens "
    "have none"
)
_ROLE = "is of the role itself; compare with `aws iam get-role`"
_DOCUMENTED = (
    "is a part of the request, not of the token. AWS says when it is there: "
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"
)
_KEYS: Mapping[str, str] = {
    "aws:currenttime": "is the time of the request, `eventTime` in an event of CloudTrail",
    "aws:epochtime": "is the time of the request, `eventTime` in an event of CloudTrail",
    "aws:referer": "is a header that the caller chooses, and the action for credentials sends none",
    "aws:requestedregion": "is the region of the STS endpoint that is called: `aws-region` of the "
    "step that gets credentials, `awsRegion` in an event of CloudTrail",
    "aws:securetransport": "is 'true' in every request to STS, which takes HTTPS only",
    "aws:sourceip": "is the address that the runner calls from, `sourceIPAddress` in an event of "
    "CloudTrail. GitHub's own runners have thousands, which change and which they share with "
    "everybody (`gh api meta --jq .actions`); larger runners can have static ones, and runners "
    "of yours have yours",
    "aws:useragent": "is a header that the caller chooses, `userAgent` in an event of CloudTrail",
    "sts:externalid": "is missing: a request with a token has no external id",
    "sts:roleauthorizedbyidp": "asks for a claim of the token with the roles that it is for; "
    "GitHub's tokens have none",
    "sts:rolesessionname": "is `role-session-name` of the step that gets credentials, "
    "`GitHubActions` when left out; whoever writes the workflow chooses it",
}
_STARTS: Mapping[str, str] = {
    "aws:calledvia": _SERVICE,
    "aws:federatedprovider": _SIGNED,
    "aws:multifactorauth": _SIGNED,
    "aws:principalis": _SERVICE,
    "aws:principalservice": _SERVICE,
    "aws:principal": _SIGNED,
    "aws:requesttag/": _SESSION,
    "aws:resource": _ROLE,
    "aws:sourceaccount": _SERVICE,
    "aws:sourcearn": _SERVICE,
    "aws:sourceidentity": _SIGNED,
    "aws:sourceorg": _SERVICE,
    "aws:sourcevpc": _ENDPOINT,
    "aws:tagkeys": _SESSION,
    "aws:tokenissuetime": _SIGNED,
    "aws:userid": _SIGNED,
    "aws:username": _SIGNED,
    "aws:viaawsservice": _SERVICE,
    "aws:vpc": _ENDPOINT,
    "sts:sourceidentity": _SESSION,
    "sts:transitivetagkeys": _SESSION,
}
"""By the beginning of the key; the first that fits counts."""


def what_decides(key: str) -> str:
    """Return a sentence on what the value of a key of the request depends on."""
    name = key.casefold()
    found = _KEYS.get(name) or next(
        (text for start, text in _STARTS.items() if name.startswith(start)), _DOCUMENTED
    )
    return f"`{key}` {found}."
