"""
One event of CloudTrail: what it writes down when a run asks for a role.

The token is not in it, but `sub` and `aud` are, also where AWS refused.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy_access.github.issuer import GITHUB_HOST
from deploy_access.github.run import Run, parse_provider
from deploy_access.github.trail_records import EVENT
from deploy_access.json_shape import as_list, as_object

if TYPE_CHECKING:
    from collections.abc import Mapping

LOOK_UP = (
    "aws cloudtrail lookup-events "
    f"--lookup-attributes AttributeKey=EventName,AttributeValue={EVENT}"
)
"""The command that prints the events of runs, in the account of the role."""
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d")
# Records without it are of other kinds, such as Insights, which have no `eventName`.
_CALL = "AwsApiCall"
_TOKEN_HOST = "token.actions."  # noqa: S105 - the start of a host, no secret


@dataclass(frozen=True, slots=True)
class _Issuer:
    """Who signed the token, and what of it the event has lost."""

    host: str
    arn: str | None
    audience: str | None
    notes: tuple[str, ...] = ()


def read_event(event: Mapping[str, object]) -> Run | None:
    """Read one event; None where it is of another call, or does not say who asked."""
    identity = as_object(event.get("userIdentity"))
    asked = as_object(event.get("requestParameters"))
    subject = _text(identity, "userName")
    if not subject or _text(event, "eventName") not in {EVENT, ""}:
        return None
    issuer = _read_issuer(identity, subject)
    duration = asked.get("durationSeconds")
    return Run(
        name=" ".join(filter(None, ("event", _text(event, "eventID"), _text(event, "eventTime")))),
        subject=subject,
        audience=issuer.audience,
        provider=issuer.host,
        provider_arn=issuer.arn,
        role_arn=_text(asked, "roleArn") or _resource(event) or None,
        error=_text(event, "errorCode") or None,
        time=_text(event, "eventTime") or None,
        duration=duration if isinstance(duration, int) else None,
        notes=issuer.notes,
    )


def why_dropped(event: Mapping[str, object]) -> str | None:
    """Return what a record lacks that is no run; one of another kind lacks nothing."""
    if not event:
        return "no event"
    is_call = _text(event, "eventType") in {_CALL, ""} and _text(event, "eventName") in {EVENT, ""}
    return "without `userIdentity.userName`" if is_call else None


def _text(found: Mapping[str, object], key: str) -> str:
    value = found.get(key)
    return value if isinstance(value, str) else ""


def _resource(event: Mapping[str, object]) -> str:
    for resource in as_list(event.get("resources")):
        if _text(as_object(resource), "type") == "AWS::IAM::Role":
            return _text(as_object(resource), "ARN")
    return ""


def _read_issuer(identity: Mapping[str, object], subject: str) -> _Issuer:
    """Strip by prefix and suffix: `sub` and `aud` may both hold a `:`."""
    principal = _text(identity, "principalId").removesuffix(f":{subject}")
    whole = principal != _text(identity, "principalId")
    provider = _text(identity, "identityProvider")
    audience = None
    if whole and provider and principal.startswith(f"{provider}:"):
        audience = principal.removeprefix(f"{provider}:")
    elif whole and not provider:
        start = parse_provider(principal)
        host, _, aud = start.get("host", "").partition(":")
        provider, audience = start.get("start", "") + host, aud
    return _completed(provider, audience or None)


def _completed(provider: str, audience: str | None) -> _Issuer:
    parts = parse_provider(provider)
    host = parts.get("host", "") or provider
    notes = () if audience else ("The event does not say the audience.",)
    if host != GITHUB_HOST and (not host or _is_cut(host)):
        note = f"The event has cut off the provider; it is taken to be {GITHUB_HOST}."
        return _Issuer(GITHUB_HOST, _arn(parts, GITHUB_HOST), audience, (note, *notes))
    return _Issuer(host, _arn(parts, host), audience, notes)


def _arn(parts: Mapping[str, str], host: str) -> str | None:
    return f"{parts['start']}{host}" if parts else None


def _is_cut(host: str) -> bool:
    return host.startswith(_TOKEN_HOST) and GITHUB_HOST.startswith(host)


def where_the_event_is(region: str | None) -> str:
    """Return the sentence that leads from a log of a job to the event, which has the `sub`."""
    command = f"{LOOK_UP} --region {region}" if region and _REGION.fullmatch(region) else LOOK_UP
    return (
        "What the token held is not in a log of a job. CloudTrail of the role's account has it: "
        f"`{command} > events.json`, then `--event events.json`."
    )
