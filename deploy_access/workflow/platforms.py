"""
The platforms that BuildKit builds for on a runner of GitHub's, which is Linux.

Source: https://docs.docker.com/build/building/multi-platform/
"""

from __future__ import annotations

import difflib

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
    near = difflib.get_close_matches(text, PLATFORMS, n=1)
    names = "`linux/amd64` and `linux/arm64` are those that ECS runs."
    return (
        f"{text!r} is no platform that a Linux runner builds for. "
        f"{f'Did you mean `{near[0]}`? ' if near else ''}{names}"
    )
