"""
What CloudTrail writes down when a run asks for a role.

The token is not in it, but `sub` and `aud` are, also where AWS refused.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.github.issuer import GITHUB_HOST
from deploy_access.github.run import Run, parse_provider
from deploy_access.github.token import parse_records
from deploy_access.json_file import parse_json
from deploy_access.json_shape import as_list, as_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

EVENT = "AssumeRoleWithWebIdentity"
_TOKEN_HOST = "token.actions."  # noqa: S105 - the start of a host, no secret


@dataclass(frozen=True, slots=True)
class _Issuer:
    """Who signed the token, and what of it the event has lost."""

    host: str
    arn: str | None
    audience: str | None
    notes: tuple[str, ...] = ()


def read_events(raw: bytes, name: str) -> tuple[Run, ...]:
    """
    Read the runs in one event, a file of `Records`, a list, or what `lookup-events` prints.

    Runs that are alike are one, with how often they were seen. What is malformed is counted in a
    note of the first run.

    Raises:
        InvalidValue: It is no JSON, or has no event of a run.
    """
    file = parse_records(raw, name)
    runs: dict[tuple[object, ...], Run] = {}
    dropped: Counter[str] = Counter()
    for event in _events(file.content, name):
        run = _read_event(event)
        if run is None:
            dropped.update(_why_dropped(event))
        else:
            known = runs.setdefault(_key(run), run)
            if known is not run:
                last = max(filter(None, (known.time, run.time)), default=None)
                runs[_key(run)] = replace(known, times=known.times + 1, time=last)
    if not runs:
        raise InvalidValue(_no_event(name))
    first, *others = (_with_repeated(run, file.repeated) for run in runs.values())
    return replace(first, notes=(*first.notes, *_dropped_note(dropped))), *others


def _why_dropped(event: Mapping[str, object]) -> Iterator[str]:
    """Say what a record lacks; an event of another kind lacks nothing."""
    if not event:
        yield "no event"
    elif _text(event, "eventName") in {EVENT, ""}:
        yield "without `userIdentity.userName`"


def _dropped_note(dropped: Mapping[str, int]) -> Iterator[str]:
    if dropped:
        which = ", ".join(f"{count} {why}" for why, count in sorted(dropped.items()))
        yield f"Malformed records of the file are left out: {which}."


def _key(run: Run) -> tuple[object, ...]:
    return run.subject, run.audience, run.provider_arn, run.role_arn, run.error, run.duration


def _with_repeated(run: Run, repeated: Iterable[str]) -> Run:
    keys = ", ".join(repr(path) for path in repeated)
    if not keys:
        return run
    return replace(run, notes=(*run.notes, f"The event has keys twice, the last counts: {keys}."))


def _events(content: Mapping[str, object], name: str) -> Iterator[Mapping[str, object]]:
    if "Events" in content:
        for looked_up in as_list(content["Events"]):
            text = as_object(looked_up).get("CloudTrailEvent")
            yield parse_json(text.encode(), name).content if isinstance(text, str) else {}
    elif "Records" in content:
        yield from (as_object(record) for record in as_list(content["Records"]))
    else:
        yield content


def _text(found: Mapping[str, object], key: str) -> str:
    value = found.get(key)
    return value if isinstance(value, str) else ""


def _read_event(event: Mapping[str, object]) -> Run | None:
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


def _no_event(name: str) -> Problem:
    return Problem(
        what="There is no event of a run that asked for a role.",
        given=name,
        why=f"None in it has the `eventName` {EVENT!r} and a `userIdentity.userName`.",
        fix="Look it up in the account of the role and the region of the STS endpoint: "
        f"`aws cloudtrail lookup-events --lookup-attributes "
        f"AttributeKey=EventName,AttributeValue={EVENT}`.",
    )
