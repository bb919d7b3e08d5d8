"""What is wrong with a value of an option, where it is one of a few, or has a form of its own."""

from __future__ import annotations

import re

from deploy_access.errors import nearest

_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")
_REUSABLE = re.compile(
    r"[\w.-]+/[\w.-]+/\.github/workflows/[\w.-]+\.ya?ml@(refs/(heads|tags)/[\w./-]+|[0-9a-f]{40})"
)
_FIELD = r"(\*|[0-9A-Za-z]+(-[0-9A-Za-z]+)?)(/[0-9]+)?"
_SCHEDULE = re.compile(rf"{_FIELD}(,{_FIELD})*( {_FIELD}(,{_FIELD})*){{4}}")
# What BuildKit builds for on a Linux runner: https://docs.docker.com/build/building/multi-platform/
PLATFORMS = (
    *("linux/386", "linux/amd64", "linux/amd64/v2", "linux/amd64/v3", "linux/amd64/v4"),
    *("linux/arm/v5", "linux/arm/v6", "linux/arm/v7", "linux/arm64", "linux/arm64/v8"),
    *("linux/loong64", "linux/mips64", "linux/mips64le", "linux/ppc64le", "linux/riscv64"),
    "linux/s390x",
)
"""Each as `--platform` takes it; ECS runs `linux/amd64` and `linux/arm64`."""


def why_no_platform(text: str) -> str | None:
    """Say what is wrong with the name of a platform; None when it is one."""
    if text in PLATFORMS:
        return None
    if "," in text:
        return f"{text!r} is more than one platform: give the option once for each."
    near = nearest(text, PLATFORMS)
    names = "`linux/amd64` and `linux/arm64` are those that ECS runs."
    return (
        f"{text!r} is no platform that a Linux runner builds for. "
        f"{f'Did you mean `{near}`? ' if near else ''}{names}"
    )


def why_no_repository(text: str) -> str | None:
    """Say what is wrong with the name of a repository; None when it is one."""
    return None if _REPOSITORY.fullmatch(text) else "Name it as OWNER/NAME."


def why_no_schedule(text: str) -> str | None:
    """
    Say what is wrong with a schedule; None when it is one.

    https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows#schedule
    """
    if _SCHEDULE.fullmatch(text):
        return None
    return (
        f"{text!r} is no schedule: five fields for minute, hour, day, month and weekday, "
        "as in '17 3 * * 1-5'."
    )


def why_not_reusable(text: str) -> str | None:
    """Say what is wrong with the name of a called workflow; None when it is one."""
    if _REUSABLE.fullmatch(text):
        return None
    return (
        "Name it as OWNER/REPO/.github/workflows/FILE.yml@REF, and the ref in full: "
        "refs/heads/BRANCH, refs/tags/TAG or the commit."
    )
