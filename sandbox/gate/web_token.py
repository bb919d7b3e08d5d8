"""
The checks of a web identity token that STS makes before any policy is evaluated.

AWS does not document in which order it checks. The texts are those that callers report; the one
for a wrong signature is not known and is ours.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html,
https://repost.aws/knowledge-center/eks-troubleshoot-oidc-and-irsa,
https://github.com/aws-actions/configure-aws-credentials/issues/457 (audience)
"""

from __future__ import annotations

import json
import time
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import extract_compact

from deploy_access.github.claims import CLAIMS

from .fault import EXPIRED_TOKEN, INVALID_TOKEN, Refused
from .token_issuer import ALGORITHM, CONFIGURATION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Loopback only: an issuer that is not given an address has no keys here.
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
# The issuer is a thread of this process.
_SECONDS = 10


@dataclass(frozen=True, slots=True)
class WebToken:
    """
    A token and its claims, which are not checked yet.
    """

    encoded: str
    claims: Mapping[str, Any]

    @property
    def issuer(self) -> str:
        """The `iss`."""
        return str(self.claims.get("iss", ""))

    @property
    def host(self) -> str:
        """The `iss` as the OIDC provider in IAM and the condition keys have it."""
        return self.issuer.removeprefix("https://").removesuffix("/")

    @property
    def visible(self) -> dict[str, str]:
        """The claims that AWS has condition keys for."""
        known = {"sub", "aud", *CLAIMS}
        return {key: str(value) for key, value in self.claims.items() if key in known}


def read_web_token(encoded: str) -> WebToken:
    """
    Read the claims of a token.

    Raises:
        Refused: It is no JSON Web Token.

    """
    try:
        claims: object = json.loads(extract_compact(encoded.encode()).payload)
    except (JoseError, ValueError) as error:
        text = "The ID Token provided is not a valid JWT. (You may see this error if you sent an "
        raise Refused(INVALID_TOKEN, f"{text}Access Token)") from error
    if not isinstance(claims, dict):
        raise Refused(INVALID_TOKEN, "The ID Token provided is not a valid JWT.")
    return WebToken(encoded, claims)  # pyright: ignore[reportUnknownArgumentType]


def check_signature(token: WebToken, addresses: Mapping[str, str]) -> None:
    """
    Check the signature with the keys of the issuer, which has an address in *addresses*.
    """
    keys = _keys(addresses.get(token.issuer))
    try:
        jwt.decode(token.encoded, keys, algorithms=[ALGORITHM])
    except InvalidKeyIdError as error:
        raise _no_key() from error
    except (JoseError, ValueError) as error:
        text = "The signature of the web identity token is not valid."
        raise Refused(INVALID_TOKEN, text) from error


def check_times(token: WebToken) -> None:
    """
    Refuse a token that has expired, or is not valid yet.
    """
    now, expires = int(time.time()), token.claims.get("exp")
    if not isinstance(expires, int):
        raise Refused(INVALID_TOKEN, "Missing a required claim: exp")
    if now >= expires:
        text = f"Token expired: current date/time {now} must be before the expiration date/time"
        raise Refused(EXPIRED_TOKEN, f"{text} {expires}")
    starts = token.claims.get("nbf", 0)
    if isinstance(starts, int) and now < starts:
        raise Refused(INVALID_TOKEN, "The web identity token is not valid yet.")


def check_audience(token: WebToken, accepted: Sequence[str]) -> None:
    """
    Refuse an audience that the OIDC provider does not list.
    """
    if token.claims.get("aud") not in accepted:
        raise Refused(INVALID_TOKEN, "Incorrect token audience")


def _keys(address: str | None) -> KeySet:
    if address is None:
        raise _no_key()
    try:
        configuration = _fetch(f"{address}{CONFIGURATION}")
        return KeySet.import_key_set(_fetch(configuration["jwks_uri"]))
    except (OSError, ValueError, KeyError) as error:
        raise _no_key() from error


def _fetch(url: str) -> Any:
    with _direct.open(url, timeout=_SECONDS) as answer:
        return json.load(answer)


def _no_key() -> Refused:
    return Refused(
        INVALID_TOKEN,
        "Couldn't retrieve verification key from your identity provider, please reference "
        "AssumeRoleWithWebIdentity documentation for requirements",
    )
