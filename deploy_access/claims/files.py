"""The bytes that a run is read from."""

from __future__ import annotations

import codecs
import json
import sys
from pathlib import Path

from deploy_access.errors import InvalidValue, Problem
from deploy_access.reading.json_text import JsonFile, parse_json


def read_bytes(name: str) -> bytes:
    """
    Read a file, or the standard input for `-`.

    Raises:
        InvalidValue: It cannot be read.
    """
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except (OSError, ValueError) as error:
        problem = Problem(
            what="There is nothing to read.",
            given=name,
            why=f"The file cannot be opened: {getattr(error, 'strerror', None) or error}.",
            fix="Name a file that is there, or `-` for the standard input.",
        )
        raise InvalidValue(problem) from error


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
