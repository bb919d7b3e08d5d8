"""
An issuer of tokens on this machine, as GitHub is one.

A token says `iss` as the OIDC provider in IAM is called, for GitHub
`https://token.actions.githubusercontent.com`, so that the deployed trust policies match it as they
are. Only where the keys are looked up differs: at the loopback address of this server.

Sources: https://docs.github.com/actions/reference/security/oidc (claims, the request for a token),
https://openid.net/specs/openid-connect-discovery-1_0.html
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Self

from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.wrappers import Response

from deploy_access.github.issuer import GITHUB_HOST

from ..server.json_response import json_response
from ..server.loopback import Loopback
from .github_run import LIFETIME, claims_of

if TYPE_CHECKING:
    from werkzeug.wrappers import Request

    from .github_run import GithubRun

ALGORITHM = "RS256"
CONFIGURATION = "/.well-known/openid-configuration"
JWKS = "/.well-known/jwks"
REQUEST = "/token"
_BEARER = "bearer "


class TokenIssuer:
    """
    A server that signs tokens with a key of its own, and publishes the key to check them.

        with TokenIssuer() as issuer:
            token = issuer.token(run, audience="sts.amazonaws.com")

    *url* is the `iss` of its tokens, which is no address here: `address` is.
    """

    def __init__(self, url: str = f"https://{GITHUB_HOST}") -> None:
        self.url = url
        self._key = RSAKey.generate_key(
            2048, {"kid": secrets.token_hex(8), "use": "sig", "alg": ALGORITHM}
        )
        self._runs: dict[str, GithubRun] = {}
        self._server = Loopback(self._answer)

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()

    @property
    def address(self) -> str:
        """
        The address of its discovery document and its keys.
        """
        return self._server.url

    def token(self, run: GithubRun, *, audience: str, lifetime: int = LIFETIME) -> str:
        """
        Sign a token; a *lifetime* below 0 makes one that has expired.
        """
        claims = claims_of(run, audience=audience, issuer=self.url, lifetime=lifetime)
        header = {"alg": ALGORITHM, "typ": "JWT", "kid": self._key.kid}
        return jwt.encode(header, claims, self._key, algorithms=[ALGORITHM])

    def begin(self, run: GithubRun) -> dict[str, str]:
        """
        Return the variables with which a job of *run* asks for its tokens, as a runner sets them.
        """
        bearer = secrets.token_urlsafe()
        self._runs[bearer] = run
        return {
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{self.address}{REQUEST}?api-version=2.0",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": bearer,
        }

    def _answer(self, request: Request) -> Response:
        if request.path == CONFIGURATION:
            return json_response(self._configuration())
        if request.path == JWKS:
            return json_response({"keys": [self._key.as_dict(private=False)]})
        if request.path == REQUEST:
            return self._requested(request)
        return Response(status=404)

    def _configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.address}{JWKS}",
            "subject_types_supported": ["public", "pairwise"],
            "response_types_supported": ["id_token"],
            "claims_supported": ["sub", "aud", "exp", "iat", "iss", "jti", "nbf", "ref"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "scopes_supported": ["openid"],
        }

    def _requested(self, request: Request) -> Response:
        """
        Return the token of a job; without an audience it is for the owner of the repository.
        """
        given = request.headers.get("Authorization", "")
        # As the runner does: the bearer token of the request names the run.
        run = self._runs.get(given[len(_BEARER) :]) if given.lower().startswith(_BEARER) else None
        if run is None:
            return Response(status=401)
        audience = request.args.get("audience") or f"https://github.com/{run.repo.owner}"
        return json_response({"value": self.token(run, audience=audience)})
