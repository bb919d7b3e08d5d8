"""
The gate: a server before moto that decides as AWS does.

It decides which tokens open a session of a role, and which calls that session may make, both by the
policies as they are deployed in moto. The signature of a request is not checked: its access key and
its session token name the session.
"""

from __future__ import annotations

import threading
from http import HTTPStatus
from typing import TYPE_CHECKING, Self

from deploy_access.iam.role_arn import parse_role

from ..server.aws_session import DUMMY_KEYS, InvalidParameters
from ..server.loopback import Loopback
from .advice import advise
from .aws_response import layer_url, refusal
from .call import protocol_of, read_signer
from .call_table import TABLE
from .deployed_role import read_role
from .ecr_needs import repository_account
from .fault import NOT_JUDGED, Advice, Refused, not_judged
from .gate_session import GateSessions
from .judge import judge, read_caller
from .lookup import Lookup
from .need import CallTarget
from .open_session import chained, open_session
from .passed_role import unassumable
from .read_request import read_call
from .resource_policy import read_resource_policy
from .s3_needs import listing_that_tells
from .sign_in_request import (
    WITH_ROLE,
    WITH_TOKEN,
    write_identity,
    write_session,
)
from .unjudged import assumed, record
from .upstream import pass_on
from .web_identity import WebIdentityLogin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from werkzeug.wrappers import Request, Response

    from ..server.aws_session import AwsSession
    from .call import ApiCall, Signer
    from .call_table import CallRow
    from .gate_session import GateSession
    from .judge import Caller, Judgement
    from .need import Need
    from .unjudged import RecordedCall


class Gate:
    """
    A server that stands for AWS, in every account of a sandbox.

        with Gate(moto, session=sandbox.session, issuers={issuer.url: issuer.address}) as gate:
            boto3.client("ecs", endpoint_url=gate.endpoint)

    *issuers* says at which loopback address the keys of an `iss` are found. *session* gives the
    sandbox's own way into an account, past the gate; its dummy key passes unjudged. `judgements`
    holds everything that was judged, in order, and `unjudged` every call of those that `admit` lets
    do everything. `refusals` says what was refused, and what would have let it in; with *soft* it
    passes all the same, as far as there is a session to do it in. Each of `observers` gets every
    request with its answer, before the answer goes back.
    """

    def __init__(
        self,
        moto: str,
        *,
        session: Callable[[str], AwsSession],
        issuers: Mapping[str, str] | None = None,
        soft: bool = False,
    ) -> None:
        self.refusals: list[Advice] = []
        self.judgements: list[Judgement] = []
        self.unjudged: list[RecordedCall] = []
        self.observers: list[Callable[[Request, Response], None]] = []
        self._moto = moto
        self._session = session
        self._soft = soft
        self._issuers = dict(issuers or {})
        self._login = WebIdentityLogin(session, self._issuers, self._refuse)
        self._sessions = GateSessions()
        self._lock = threading.Lock()
        self._server = Loopback(self._answer)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """
        Answer requests until `close`.
        """
        self._server.start()

    def close(self) -> None:
        """
        Answer no more.
        """
        self._server.close()

    @property
    def endpoint(self) -> str:
        """
        The address that stands for all of AWS.
        """
        return self._server.url

    def admit(self, session: AwsSession, account: str) -> None:
        """
        Let the calls of *session* pass unjudged, and those of the roles that it assumes.
        """
        self._sessions.admit(session.keys.access_key, account)

    def believe(self, issuers: Mapping[str, str]) -> None:
        """
        Take tokens of more issuers, whose keys are found at these addresses.
        """
        self._issuers.update(issuers)

    def _answer(self, request: Request) -> Response:
        answer = self.decide(request)
        for observe in self.observers:
            observe(request, answer)
        return answer

    def decide(self, request: Request) -> Response:
        """
        Return the answer to a request: what moto says when it is allowed, else the refusal.
        """
        signer = read_signer(request)
        # The sandbox itself; a session of the gate never gets this key.
        if signer is not None and signer.key == DUMMY_KEYS.access_key:
            return pass_on(request, self._moto)
        account = self._sessions.administrated(signer)
        if signer is not None and account is not None:
            return self._unjudged(request, record(request, signer, account))
        try:
            return self._answer_call(request, signer)
        except Refused as refused:
            self._note(refused)
            if self._soft and refused.fault is NOT_JUDGED and self._sessions.knows(signer):
                return pass_on(request, self._moto)
            return refusal(refused, protocol_of(request, signer))

    def _answer_call(self, request: Request, signer: Signer | None) -> Response:
        call = read_call(request, signer)
        try:
            if call.operation == WITH_TOKEN:
                return self._enter(call, self._login.open(call))
            session = self._sessions.of(signer)
            return self._judged(request, call, session, signer.region if signer else "")
        # A name from the caller that is none, with which something was to be looked up.
        except InvalidParameters as error:
            raise not_judged(f"parameters of this shape for {call.action}") from error

    def _refuse(self, refused: Refused) -> None:
        """
        Raise a refusal, or write it down where everything passes.
        """
        if not self._soft:
            raise refused
        self._note(refused)

    def _note(self, refused: Refused) -> None:
        with self._lock:
            self.refusals.append(refused.advice or Advice(refused=refused.message))

    def _unjudged(self, request: Request, recorded: RecordedCall) -> Response:
        with self._lock:
            self.unjudged.append(recorded)
        answer = pass_on(request, self._moto)
        found = assumed(recorded, answer)
        if found:
            self._sessions.admit(*found)
        return answer

    def _enter(self, call: ApiCall, session: GateSession) -> Response:
        self._sessions.add(session)
        return write_session(session, call)

    def _judged(
        self, request: Request, call: ApiCall, session: GateSession, region: str
    ) -> Response:
        row = TABLE.get((call.service, call.operation))
        if row is None:
            raise not_judged(f"the call {call.action}")
        if row.needs is None:
            return write_identity(session)
        if call.operation == WITH_ROLE:
            call = chained(call, session)
        caller = read_caller(session, self._session(session.account))
        needs = self._needs(row, call, session, region)
        # All of them before the call is made: one that is refused changes nothing.
        for need in needs:
            self._check(need, caller, region)
        self._check_passed(call, session, region)
        return self._done(request, call, needs, caller, region)

    def _done(
        self, request: Request, call: ApiCall, needs: Sequence[Need], caller: Caller, region: str
    ) -> Response:
        """
        Make a call that is allowed.
        """
        if call.operation == WITH_ROLE:
            return self._assume(call)
        if call.operation == "GetDownloadUrlForLayer":
            return layer_url(str(call.parameters.get("layerDigest")))
        # moto acts in the account of the repository, which may be another one.
        elsewhere = repository_account(needs) if call.service == "ecr" else None
        account = elsewhere or caller.session.account
        answer = pass_on(request, self._moto, account, is_s3=call.service == "s3")
        listing = listing_that_tells(call) if answer.status_code == HTTPStatus.NOT_FOUND else None
        if listing:
            for need in self._needs(TABLE["s3", "ListObjectsV2"], listing, caller.session, region):
                self._check(need, caller, region)
        return answer

    def _assume(self, call: ApiCall) -> Response:
        own = self._session(parse_role(call.parameters["RoleArn"])["account"])
        role = read_role(call.parameters["RoleArn"], own)
        # It was there when its trust policy was judged.
        if role is None:
            raise not_judged("a role that is deleted meanwhile")
        return self._enter(call, open_session(call, role, own))

    def _needs(self, row: CallRow, call: ApiCall, session: GateSession, region: str) -> list[Need]:
        assert row.needs is not None
        place = CallTarget.of(session.role_arn, region)
        lookup = Lookup(self._session(session.account), region)
        try:
            return [*row.needs(call, place, lookup)]
        # Parameters come from the caller and may have any shape.
        except (AttributeError, KeyError, TypeError) as error:
            raise not_judged(f"parameters of this shape for {call.action}") from error

    def _check_passed(self, call: ApiCall, session: GateSession, region: str) -> None:
        """
        Refuse a call that starts tasks with a role that ECS cannot assume.
        """
        place = CallTarget.of(session.role_arn, region)
        lookup = Lookup(self._session(session.account), region)
        for refused in unassumable(call, place, lookup, self._session):
            self._refuse(refused)

    def _check(self, need: Need, caller: Caller, region: str) -> None:
        """
        Judge a need, and refuse the call when it is not allowed.
        """
        policy = read_resource_policy(need, caller.session.account, self._session)
        found = judge(need, caller, region=region, resource_policy=policy)
        with self._lock:
            self.judgements.append(found)
        if not found.is_allowed:
            refused = found.refused()
            refused.advice = advise(found)
            self._refuse(refused)
