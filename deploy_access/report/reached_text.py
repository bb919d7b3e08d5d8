"""Who reaches what, as lines: a block for each role, or a line where there are many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy_access.audit.token_reach import EVERYTHING
from deploy_access.github.issuer import GITHUB_HOST
from deploy_access.iam.access_level import GIVING
from deploy_access.report.lines import counted, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy_access.audit.report_model import ReachedRole, TokenCaller

# Four lines for each of more roles are no summary any more.
_BLOCKS = 20
# The columns of the lines for many roles: most names of roles and most subjects fit.
_NAME, _BY = 40, 60
_SUBJECTS, _SERVICES = 3, 8


def render_reached(reached: Sequence[ReachedRole], roles: int) -> str:
    """
    Render the roles that tokens may assume.

    Args:
        reached: These roles, the worst first.
        roles: The number of all roles that were read.
    """
    lines = [f"Who reaches what: {reached_count(reached, roles)}"]
    if len(reached) <= _BLOCKS:
        lines += [line for role in reached for line in _block(role)]
    else:
        is_of_many = len({role.account for role in reached}) > 1
        lines += ["", *(_line(role, has_account=is_of_many) for role in reached)]
    return "\n".join(lines) + "\n"


def reached_count(reached: Sequence[ReachedRole], roles: int) -> str:
    """Say how many roles let tokens in."""
    verb = "lets" if len(reached) == 1 else "let"
    return f"{len(reached)} of {counted(roles, 'role')} {verb} tokens of OIDC issuers in."


def _block(role: ReachedRole) -> Iterator[str]:
    yield ""
    yield f"  {_named(role)}: {found_in(role)}"
    yield f"    by   {reached_by(role)}"
    yield f"    may  {reached_services(role)}"


def _line(role: ReachedRole, *, has_account: bool) -> str:
    name = (_named(role) if has_account else one_line(role.name)).ljust(_NAME)
    return f"  {name} {reached_by(role, 1).ljust(_BY)} {reached_services(role)}; {found_in(role)}"


def _named(role: ReachedRole) -> str:
    return f"{one_line(role.name)}{f' ({role.account})' if role.account else ''}"


def found_in(role: ReachedRole) -> str:
    """Return the findings of a role as counts, with the rules."""
    counts = [
        counted(number, severity)
        for severity in ("error", "warning", "note")
        if (number := role.severities.get(severity, 0))
    ]
    return f"{', '.join(counts)} ({', '.join(role.rules)})" if counts else "no finding"


def reached_by(role: ReachedRole, most: int = _SUBJECTS) -> str:
    """Return who may assume a role, the first few of many."""
    if not role.by:
        return "perhaps anybody: its trust policy is not known"
    return _some([_who(caller) for caller in role.by], most)


def _who(caller: TokenCaller) -> str:
    doubt = "" if caller.is_certain else "perhaps "
    of = "" if caller.issuer == GITHUB_HOST else f" of {one_line(caller.issuer)}"
    asked = f" if {' and '.join(map(one_line, caller.conditions))}" if caller.conditions else ""
    return f"{doubt}{one_line(caller.subject)}{of}{asked}"


def reached_services(role: ReachedRole) -> str:
    """Return what a role may do: the most dangerous level of each service."""
    if EVERYTHING in role.may.get(GIVING, ()):
        return EVERYTHING
    parts = [", ".join(role.gives)] if role.gives else []
    parts += [
        f"{'unknown level' if level == 'unknown' else level}: "
        f"{_some([one_line(one) for one in services], _SERVICES)}"
        for level, services in role.may.items()
    ]
    if role.unread:
        parts.append(f"perhaps more by {_some([one_line(one) for one in role.unread], 3)}")
    return "; ".join(parts) or "nothing"


def _some(texts: Sequence[str], most: int) -> str:
    # Of several, one more is listed and not counted; a line has room for one alone.
    shown = texts if 1 < most == len(texts) - 1 else texts[:most]
    more = len(texts) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
