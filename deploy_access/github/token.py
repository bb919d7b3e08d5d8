"""
The claims of a token.

Its signature is not checked: who has the token may read it, and AWS checks it anyway. Nothing of
it is kept, and no message shows it.
"""

from __future__ import annotations

import base64
import codecs
import json
import re
from typing import TYPE_CHECKING

from deploy_access.errors import InvalidValue, Problem
from deploy_access.github.claims import CLAIMS
from deploy_access.github.run import Run, is_github
from deploy_access.json_file import JsonFile, parse_json
from deploy_access.json_shape import as_text

if TYPE_CHECKING:
    from collections.abc import Mapping


_ENCODED = re.compile(rb"[A-Za-z0-9_-]+\.([A-Za-z0-9_-]+)=*\.[A-Za-z0-9_-]*=*")
_RESERVED = {"aud", "exp", "iat", "iss", "jti", "nbf", "sub"}


def looks_encoded(text: str) -> bool:
    """Whether *text* is an encoded token itself, which is not to be shown."""
    return _ENCODED.fullmatch(text.encode("utf-8", "replace")) is not None


def read_token(raw: bytes, name: str) -> Run:
    """
    Read an encoded token, its claims as JSON, or GitHub's answer with the token as `value`.

    Raises:
        InvalidValue: It is none of these, or does not say `iss` and `sub`.
    """
    content = _claims(raw.strip(), name)
    value = content.get("value")
    if isinstance(value, str) and "sub" not in content:
        content = _claims(value.strip().encode("utf-8", "replace"), name)
    subject, issuer = content.get("sub"), content.get("iss")
    if not isinstance(subject, str) or not isinstance(issuer, str) or not subject or not issuer:
        raise InvalidValue(_no_claims(name))
    audience, notes = _audience(content.get("aud"))
    return Run(
        name="token",
        subject=subject,
        audience=audience,
        provider=issuer.removeprefix("https://").removesuffix("/"),
        claims=_visible(content, issuer),
        complete=True,
        notes=(*notes, "The signature of the token is not checked."),
    )


def _claims(raw: bytes, name: str) -> Mapping[str, object]:
    encoded = _ENCODED.fullmatch(raw)
    if not encoded:
        return parse_json(raw, name).content
    try:
        payload = base64.urlsafe_b64decode(encoded[1] + b"=" * (-len(encoded[1]) % 4))
    except ValueError as error:
        raise InvalidValue(_no_claims(name)) from error
    return parse_json(payload, name).content


def _audience(found: object) -> tuple[str | None, tuple[str, ...]]:
    if isinstance(found, list) and found:
        first = as_text(found[0])  # pyright: ignore[reportUnknownArgumentType]
        more = len(found) > 1  # pyright: ignore[reportUnknownArgumentType]
        return first, ("The token has several audiences; the first is used.",) if more else ()
    return (found if isinstance(found, str) else None), ()


def _visible(content: Mapping[str, object], issuer: str) -> dict[str, str]:
    """Keep what AWS has a condition key for; for other issuers than GitHub, everything."""
    known = is_github(issuer)
    found = {
        key: as_text(value)
        for key, value in content.items()
        if key not in _RESERVED and (not known or key in CLAIMS)
    }
    return {key: text for key, text in found.items() if text is not None}


def _no_claims(name: str) -> Problem:
    return Problem(
        what="The file holds no token.",
        given=name,
        why="A token has three parts with dots between, and its claims say `iss` and `sub`.",
        fix="Give the token as GitHub issued it, or its claims as a JSON object.",
    )


def parse_records(raw: bytes, name: str) -> JsonFile:
    """
    Read an object, or a list as the `Records` of one.

    Raises:
        InvalidValue: It is no JSON.
    """
    content = raw.removeprefix(codecs.BOM_UTF8)
    if content.lstrip()[:1] != b"[" or json.detect_encoding(content) != "utf-8":
        return parse_json(raw, name)
    return parse_json(b'{"Records":' + content + b"}", name)
