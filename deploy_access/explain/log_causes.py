"""
The errors of a sign-in that no policy of a role is the reason of, each with what mends it.

Sources: https://github.com/aws-actions/configure-aws-credentials (its README and source),
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html,
https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.explain.finding import Cause, ProposedChange, Side

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class LogError:
    """
    An error of a log that says by itself what is wrong.

    Attributes:
        text: The error as it stands in the log.
        cause: The cause, with the changes that mend it.
    """

    text: str
    cause: Cause


@dataclass(frozen=True, slots=True)
class _Known:
    pattern: re.Pattern[str]
    id: str
    text: str
    changes: Sequence[tuple[Side, str]]


def _known(pattern: str, cause: str, text: str, *changes: tuple[Side, str]) -> _Known:
    return _Known(re.compile(pattern), cause, text, changes)


_ERRORS = (
    _known(
        r"No OpenIDConnect provider found in your account for (?P<url>https://[\w./-]*\w)",
        "no-provider",
        "The account of the role has no OIDC provider with the url {url}.",
        ("account", "Make it once in the account: `OidcProvider(self, 'Github')`."),
        ("workflow", "Or, if the account is the wrong one, mend `role-to-assume`."),
    ),
    _known(
        r"Incorrect token audience",
        "provider-audience",
        "The token's `aud` is not among the client ids of the OIDC provider; the policy of the "
        "role was not even looked at.",
        ("workflow", "Ask for an audience that the provider has: `audience:` of the step."),
        ("account", "Or add it to the provider: `OidcProvider(self, 'Github', audiences=[...])`."),
    ),
    _known(
        r"Unable to get ACTIONS_ID_TOKEN_REQUEST_(?:URL|TOKEN) env variable"
        r"|Could not load credentials from any providers"
        r"|It looks like you might be trying to authenticate with OIDC[^\n]*",
        "no-token",
        "GitHub gave the job no token to sign in with, so AWS was never asked.",
        (
            "workflow",
            (
                "Give the job `permissions:` with `id-token: write`; a reusable workflow "
                "needs it in the job that calls it too."
            ),
        ),
        (
            "workflow",
            "Or skip the job: a pull request from a fork and a run of Dependabot get no token.",
        ),
    ),
    _known(
        r"The requested DurationSeconds exceeds the MaxSessionDuration set for this role",
        "session-too-long",
        "The step asks for a longer session than the role gives.",
        ("workflow", "Lower `role-duration-seconds`."),
        ("account", "Or raise the role's: `max_session_duration=` of `GithubDeployRole`."),
    ),
    _known(
        r"The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by "
        r"role chaining",
        "chained-session-too-long",
        "A role that another role's session assumes gives an hour at most.",
        ("workflow", "Set `role-duration-seconds: 3600` or less on the second sign-in."),
    ),
    _known(
        r"Couldn't retrieve verification key from your identity provider",
        "issuer-not-reached",
        "AWS could not fetch the keys of the issuer.",
        (
            "account",
            (
                "Run it again; if it stays, see that the issuer's "
                "`/.well-known/openid-configuration` is reached from the internet."
            ),
        ),
    ),
    _known(
        r"OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint",
        "thumbprint",
        "AWS does not know the authority of the issuer's certificate, and the provider has "
        "another thumbprint.",
        (
            "account",
            (
                "Give the provider the thumbprint of today's certificate: "
                "`aws iam update-open-id-connect-provider-thumbprint`."
            ),
        ),
    ),
    _known(
        r"[^\n]*security token included in the request is expired",
        "session-expired",
        "The session had ended: it lasts as long as `role-duration-seconds` says, an hour without.",
        ("workflow", "Sign in anew before the steps that come late."),
        (
            "workflow",
            (
                "Or raise `role-duration-seconds`, up to the role's longest session "
                "(`max_session_duration=` of `GithubDeployRole`)."
            ),
        ),
    ),
    _known(
        r"Token expired[^\n]*|ExpiredTokenException(?![^\n]*security token)[^\n]*",
        "token-expired",
        "The token had expired when AWS saw it.",
        (
            "workflow",
            (
                "Sign in right before the first call to AWS, and set the clock of a runner "
                "of your own."
            ),
        ),
    ),
    _known(
        r"Request ARN is invalid|Value '[^'\n]*' at 'roleArn' failed to satisfy constraint"
        r"|Source Account ID is needed if the Role Name is provided[^\n]*",
        "no-role-arn",
        "`role-to-assume` is no ARN of a role.",
        (
            "workflow",
            (
                "Write it as `arn:aws:iam::ACCOUNT:role/PATH/NAME`; a variable that is not "
                "set is empty, also in a job without the environment that holds it."
            ),
        ),
    ),
    _known(
        r"Value '[^'\n]*' at 'roleSessionName' failed to satisfy constraint",
        "session-name",
        "`role-session-name` has a character that AWS does not take, or not 2 to 64 of them.",
        ("workflow", "Use letters, digits and `_+=,.@-` only; a branch may have a `/`."),
    ),
    _known(
        r"Failed to get ID Token",
        "no-token-issued",
        "GitHub's own service did not issue the token, so AWS was never asked.",
        ("workflow", "Run it again; https://www.githubstatus.com says whether it is down."),
    ),
    _known(
        r"(?:Invalid identity token|The ID Token provided is not a valid JWT)[^\n]*",
        "no-jwt",
        "What the step sent is no token that AWS can read; no policy was looked at.",
        (
            "workflow",
            (
                "Let `configure-aws-credentials` fetch it; a script of your own has to send the "
                "`value` of GitHub's answer, whole."
            ),
        ),
    ),
    _known(
        r"STS is not activated in this region[^\n]*",
        "region-not-active",
        "STS of that region is switched off in the account of the role.",
        ("account", "Switch it on there: IAM, Account settings, Security Token Service."),
        ("workflow", "Or sign in through another region: `aws-region` of the step."),
    ),
    _known(
        r"Region is not valid: [^\n]*|Input required and not supplied: aws-region",
        "no-region",
        "`aws-region` is empty or no region, so AWS was never asked.",
        (
            "workflow",
            "Write it out, as in `eu-central-1`; a variable that is not set is empty.",
        ),
    ),
    _known(
        r"[^\n]*security token included in the request is invalid",
        "unknown-credentials",
        "AWS does not know the keys that the step used, so they are not of a session of the role.",
        (
            "workflow",
            "Take access keys out of the secrets and `env:`, which win over the session.",
        ),
    ),
    _known(
        r"Encoded authorization failure message:",
        "encoded-denial",
        "A call was refused, and the reason is in the encoded text.",
        (
            "command",
            (
                "Decode it with a role that may: `aws sts decode-authorization-message "
                "--encoded-message TEXT`."
            ),
        ),
    ),
    _known(
        r"\(AccessDenied\) when calling the \w+ operation: Access Denied",
        "bare-denial",
        "The service does not say what it refused, and to whom.",
        (
            "command",
            (
                "The event in CloudTrail says both: `aws cloudtrail lookup-events`; calls on "
                "objects of S3 are there only if the trail records data events."
            ),
        ),
    ),
    _known(
        r"[Tt]he repository with name '[^'\n]*' does not exist in the registry with id '\d+'",
        "no-repository",
        "ECR has no such repository in that account and region.",
        ("workflow", "See `aws-region`, and the account in the name of the image."),
        ("account", "Or make it: `EcrRepo(self, 'Image', ...)`."),
    ),
    _known(
        r"no basic auth credentials",
        "not-logged-in",
        "Docker has no login for the registry.",
        (
            "workflow",
            (
                "Run `aws-actions/amazon-ecr-login` before, for the account and region of the "
                "repository."
            ),
        ),
    ),
)


def find_log_errors(text: str) -> Iterator[LogError]:
    """Find the known errors in a log, each once."""
    for known in _ERRORS:
        found = known.pattern.search(text)
        if found is None:
            continue
        changes = tuple(ProposedChange(side=side, text=said) for side, said in known.changes)
        said = known.text.format(**found.groupdict())
        yield LogError(text=found[0], cause=Cause(id=known.id, text=said, changes=changes))
