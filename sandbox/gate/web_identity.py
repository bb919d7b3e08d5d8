"""
`AssumeRoleWithWebIdentity`, decided as STS does.

Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html,
https://github.com/aws-actions/configure-aws-credentials/issues/443 (AccessDenied)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue
from deploy_access.iam.decision import Verdict
from deploy_access.iam.role_arn import parse_role
from deploy_access.iam.trust import WebIdentity, evaluate_trust

from ..server.aws_session import AwsError, is_missing
from .advice import advise_to_trust
from .deployed_role import read_role
from .fault import ACCESS_DENIED, INVALID_TOKEN, VALIDATION, Refused, not_judged
from .open_session import open_session
from .sign_in_request import WITH_TOKEN, check_parameters
from .web_token import (
    check_audience,
    check_signature,
    check_times,
    read_web_token,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..server.aws_session import AwsSession
    from .call import ApiCall
    from .deployed_role import DeployedRole
    from .gate_session import GateSession
    from .web_token import WebToken


class WebIdentityLogin:
    """
    The sign-in with a token.

    *issuers* says at which loopback address an `iss` is found, *session* gives the sandbox's own
    way into an account. *refuse* gets the refusal of a token by a trust policy, and raises it.
    """

    def __init__(
        self,
        session: Callable[[str], AwsSession],
        issuers: Mapping[str, str],
        refuse: Callable[[Refused], None],
    ) -> None:
        self._session = session
        self._issuers = issuers
        self._refuse = refuse

    def open(self, call: ApiCall) -> GateSession:
        """
        Return a session of the role for the token of the caller.

        Raises:
            Refused: With AWS's own code and text.

        """
        check_parameters(call)
        arn = call.parameters["RoleArn"]
        token = read_web_token(call.parameters["WebIdentityToken"])
        provider = self._provider(arn, token)
        role = read_role(arn, self._session(parse_role(arn)["account"]))
        # The same answer as for a role without trust: AWS does not tell which roles exist.
        if role is None:
            raise _not_authorized()
        self._check_trust(role, token, provider, call.parameters["RoleSessionName"])
        return open_session(call, role, self._session(role.account), provider=provider)

    def _provider(self, role_arn: str, token: WebToken) -> str:
        """
        Check the token against the OIDC provider of the role's account, and return its ARN.
        """
        try:
            role = parse_role(role_arn)
        except InvalidValue as error:
            raise Refused(VALIDATION, f"{role_arn} is invalid") from error
        account = role["account"]
        arn = f"arn:{role['partition']}:iam::{account}:oidc-provider/{token.host}"
        iam = self._session(account).client("iam")
        try:
            found = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
        except AwsError as error:
            if not is_missing(error):
                raise
            text = f"No OpenIDConnect provider found in your account for {token.issuer}"
            raise Refused(INVALID_TOKEN, text) from error
        check_signature(token, self._issuers)
        check_times(token)
        check_audience(token, found["ClientIDList"])
        return arn

    def _check_trust(self, role: DeployedRole, token: WebToken, provider: str, name: str) -> None:
        """
        Refuse a token that the trust policy does not let in.
        """
        asked = WebIdentity(
            provider_arn=provider,
            condition_key_prefix=token.host,
            claims=token.visible,
            context={"sts:RoleSessionName": name},
            unknown_keys=("aws:*",),
        )
        verdict = evaluate_trust(role.trust, asked).verdict
        if verdict is Verdict.UNKNOWN:
            self._refuse(not_judged("a key of the request that the trust policy asks for"))
        elif verdict is not Verdict.ALLOWED:
            refused = _not_authorized()
            refused.advice = advise_to_trust(refused.message, role.arn, provider, token)
            self._refuse(refused)


def _not_authorized() -> Refused:
    """
    Return one refusal for a caller that is not trusted and for a role that does not exist.
    """
    return Refused(ACCESS_DENIED, f"Not authorized to perform sts:{WITH_TOKEN}")
