"""
The sessions that the gate has opened: an access key names one of them until it expires.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from deploy_access.iam.role_arn import parse_role

from .fault import EXPIRED_SESSION, INVALID_KEY, NO_KEY, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy_access.iam.policy import Policy

    from ..server.aws_session import SessionKeys
    from .call import Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class GateSession:
    """
    A session of a role.

    Attributes:
        role_arn: The role.
        role_id: The unique id of the role in IAM.
        name: The name that the caller gave the session.
        keys: The keys that the caller signs with.
        issued: The time when it was opened, in seconds since 1970.
        expires: The time when it ends.
        provider_arn: The OIDC provider whose token opened it; None when another role did.
        source_identity: Who is behind it, as they said once; every session from here on keeps it.
        policies: What it may at most do, beside the policies of its role.
        tags: The tags that it was opened with, in place of those of its role.

    """

    role_arn: str
    role_id: str
    name: str
    keys: SessionKeys
    issued: float
    expires: float
    provider_arn: str | None = None
    source_identity: str | None = None
    policies: tuple[Policy, ...] = ()
    tags: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def account(self) -> str:
        """The account of the role."""
        return parse_role(self.role_arn)["account"]

    @property
    def arn(self) -> str:
        """The ARN of the session, which has the name of the role without its path."""
        role = parse_role(self.role_arn)
        start = f"arn:{role['partition']}:sts::{role['account']}:assumed-role"
        return f"{start}/{role['name']}/{self.name}"

    @property
    def user_id(self) -> str:
        """The session as `aws:userid`."""
        return f"{self.role_id}:{self.name}"


class GateSessions:
    """
    All sessions, by access key.
    """

    def __init__(self) -> None:
        self._open: dict[str, GateSession] = {}
        self._administrators: dict[str, str] = {}
        self._lock = threading.Lock()

    def add(self, session: GateSession) -> None:
        """
        Add a session.
        """
        with self._lock:
            self._open[session.keys.access_key] = session

    def admit(self, access_key: str, account: str) -> None:
        """
        Let the owner of this key do everything in the account.
        """
        with self._lock:
            self._administrators[access_key] = account

    def administrated(self, signer: Signer | None) -> str | None:
        """
        Return the account in which a signer may do everything; None for everyone else.
        """
        with self._lock:
            return self._administrators.get(signer.key) if signer else None

    def knows(self, signer: Signer | None) -> bool:
        """
        Whether the signer has a session that has not expired.
        """
        try:
            self.of(signer)
        except Refused:
            return False
        return True

    def of(self, signer: Signer | None) -> GateSession:
        """
        Return the session of a signer.

        Raises:
            Refused: There is no signer, no session has this key, or the session has expired.

        """
        if signer is None:
            raise Refused(NO_KEY, "Request is missing Authentication Token")
        with self._lock:
            found = self._open.get(signer.key)
        # A key without its token is as unknown to AWS as a key that it never gave out.
        if found is None or found.keys.token != signer.token:
            raise Refused(INVALID_KEY, "The security token included in the request is invalid.")
        if time.time() >= found.expires:
            raise Refused(EXPIRED_SESSION, "The security token included in the request is expired")
        return found
