"""
Signs in to a role with a token, as AWS's own SDK does for a job.

Beside `sandbox.server.aws_session` the only file that names the SDK.

Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from botocore import (  # pyright: ignore[reportMissingTypeStubs]
    UNSIGNED,
    xform_name,  # pyright: ignore[reportUnknownVariableType]
)
from botocore.config import Config  # pyright: ignore[reportMissingTypeStubs]
from botocore.credentials import (  # pyright: ignore[reportMissingTypeStubs]
    AssumeRoleWithWebIdentityCredentialFetcher,
    DeferredRefreshableCredentials,
)

from ..server.aws_session import DUMMY_KEYS, AwsSession, SessionKeys, client_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .job import DeployJob


def sign_in_with(token: str, job: DeployJob, endpoint: str) -> AwsSession:
    """
    Let the SDK exchange the token for keys of the job's role.

    Raises:
        AwsError: AWS refused.

    """
    duration = {} if job.duration is None else {"DurationSeconds": job.duration}
    client = _unsigned_client(endpoint, job.region)

    # The SDK would make a client of its own, which asks the environment for an address.
    def creator(*_: object, **__: object) -> Any:
        return client

    fetcher = AssumeRoleWithWebIdentityCredentialFetcher(
        client_creator=creator,
        web_identity_token_loader=lambda: token,
        role_arn=job.role_arn,
        extra_args={"RoleSessionName": job.session, **duration},
    )
    found: Any = DeferredRefreshableCredentials(
        refresh_using=fetcher.fetch_credentials, method="assume-role-with-web-identity"
    ).get_frozen_credentials()
    keys = SessionKeys(access_key=found.access_key, secret_key=found.secret_key, token=found.token)
    return AwsSession(endpoint=endpoint, keys=keys, region=job.region)


def job_environment(job: DeployJob, *, endpoint: str, token_file: Path) -> dict[str, str]:
    """
    Return the variables by which any SDK and the AWS CLI sign in as the job does.
    """
    return {
        "AWS_ROLE_ARN": job.role_arn,
        "AWS_WEB_IDENTITY_TOKEN_FILE": str(token_file.resolve()),
        "AWS_ROLE_SESSION_NAME": job.session,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": job.region,
        "AWS_DEFAULT_REGION": job.region,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def method_of(client: Any, operation: str) -> Callable[..., Any]:
    """
    Return the client's method for a call of the API.
    """
    return getattr(client, xform_name(operation))


@lru_cache(maxsize=16)
def _unsigned_client(endpoint: str, region: str) -> Any:
    """
    Return a client that signs nothing: a job has only its token.
    """
    session = AwsSession(endpoint=endpoint, keys=DUMMY_KEYS, region=region)
    return client_of(session, "sts", region, Config(signature_version=UNSIGNED))
