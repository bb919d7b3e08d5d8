"""
Sessions of boto3 that know the sandbox alone. With `web_session` the only user of AWS's SDK.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, cast

import boto3  # pyright: ignore[reportMissingTypeStubs]
from botocore.config import Config  # pyright: ignore[reportMissingTypeStubs]
from botocore.exceptions import (  # pyright: ignore[reportMissingTypeStubs]
    ClientError,
    ParamValidationError,
)
from botocore.session import (  # pyright: ignore[reportMissingTypeStubs]
    Session as BotocoreSession,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

# A sandbox does not throttle, so one retry is for a connection that was closed meanwhile. Path
# style, because no name of a bucket resolves to this machine. `proxies={}` means no proxy; when it
# is left out, the proxies of the environment count.
_CONFIG = Config(proxies={}, retries={"total_max_attempts": 2}, s3={"addressing_style": "path"})

_MAKING = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionKeys:
    """
    The keys of a session; moto knows from them which account a request is for.
    """

    access_key: str
    secret_key: str
    token: str | None = None

    def credentials_file(self) -> str:
        """
        Return the keys as a shared credentials file.
        """
        token = f"aws_session_token = {self.token}\n" if self.token else ""
        return (
            f"[default]\naws_access_key_id = {self.access_key}\n"
            f"aws_secret_access_key = {self.secret_key}\n{token}"
        )


DUMMY_KEYS = SessionKeys(access_key="sandbox", secret_key="sandbox")


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsSession:
    """
    One account of the sandbox, seen from one region.
    """

    endpoint: str
    keys: SessionKeys
    region: str

    def client(self, service: str, region: str | None = None) -> Any:
        """
        Return a boto3 client that asks the sandbox, whatever the environment says.
        """
        return _cached_client(self, service, region or self.region)


# Making a client costs more than most calls. 256 are a few services in dozens of accounts.
@lru_cache(maxsize=256)
def _cached_client(session: AwsSession, service: str, region: str) -> Any:
    return client_of(session, service, region)


def client_of(session: AwsSession, service: str, region: str, config: Config | None = None) -> Any:
    """
    Return a client; *config* is merged into the sandbox's own configuration.

    All clients come from one session, which reads the description of a service once. A session may
    be used by one thread at a time, a client by several.
    """
    with _MAKING:
        return cast("Any", _shared_session()).client(
            service,
            region_name=region,
            endpoint_url=session.endpoint,
            aws_access_key_id=session.keys.access_key,
            aws_secret_access_key=session.keys.secret_key,
            aws_session_token=session.keys.token,
            config=cast("Any", _CONFIG).merge(config) if config else _CONFIG,
        )


@cache
def _shared_session() -> boto3.Session:
    return boto3.Session(botocore_session=_deaf_session())


def _deaf_session() -> BotocoreSession:
    """
    Return a botocore session that reads no environment variable and no configuration file.
    """
    known = cast("dict[str, tuple[Any, Any, Any, Any]]", BotocoreSession.SESSION_VARIABLES)
    deaf = {
        name: (None, None, default, convert) for name, (_, _, default, convert) in known.items()
    }
    for name in ("config_file", "credentials_file"):
        deaf[name] = (None, None, os.devnull, None)
    return BotocoreSession(session_vars=deaf)


def sign_in(endpoint: str, account: str, region: str, partition: str = "aws") -> AwsSession:
    """
    Return a session in *account*, by a role that moto lets every caller assume.
    """
    # Any role will do: moto takes the account from its ARN and does not look for the role.
    caller = AwsSession(endpoint=endpoint, keys=DUMMY_KEYS, region=region)
    answer = caller.client("sts").assume_role(
        RoleArn=f"arn:{partition}:iam::{account}:role/sandbox", RoleSessionName="sandbox"
    )["Credentials"]
    keys = SessionKeys(
        access_key=answer["AccessKeyId"],
        secret_key=answer["SecretAccessKey"],
        token=answer["SessionToken"],
    )
    return AwsSession(endpoint=endpoint, keys=keys, region=region)


def pages(client: Any, operation: str, key: str, **arguments: Any) -> Iterator[Any]:
    """
    Yield every entry under *key* of a paginated operation.
    """
    for page in client.get_paginator(operation).paginate(**arguments):
        yield from page[key]


def is_missing(error: Exception) -> bool:
    """
    Return whether AWS answered that there is no such thing.
    """
    # ECR and ECS end their codes in `NotFoundException`; IAM has one code, `NoSuchEntity`, and S3
    # one for each kind of thing, such as `NoSuchBucketPolicy`.
    code = _code(error)
    return code.endswith(("NotFound", "NotFoundException")) or code.startswith("NoSuch")


def is_there_already(error: Exception) -> bool:
    """
    Return whether AWS answered that the thing exists.
    """
    code = _code(error)
    known = {"BucketAlreadyOwnedByYou", "ResourceInUseException"}
    return code in known or code.endswith(("AlreadyExists", "AlreadyExistsException"))


def _code(error: Exception) -> str:
    if not isinstance(error, ClientError):
        return ""
    return str(cast("Any", error.response)["Error"]["Code"])


AwsError = ClientError
InvalidParameters = ParamValidationError
