"""Explanations as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deploy_access.report.json_document import render_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from deploy_access.explain.denied_call import CallAnswer
    from deploy_access.explain.finding import (
        Cause,
        CheckLine,
        Explanation,
        ProposedChange,
        RoleAnswer,
    )
    from deploy_access.explain.log_answer import LogAnswer
    from deploy_access.explain.sign_ins import SignInGroup, SignIns
    from deploy_access.github.run import Run


def render_json(explanations: Iterable[Explanation]) -> str:
    """Render all explanations, also the parts that the text cuts."""
    return render_document({"runs": [*map(run_object, explanations)]})


def render_sign_ins_json(found: SignIns, files: int, notes: Sequence[str]) -> str:
    """Render the numbers, all groups, and for each of them one run, explained."""
    content = {
        "sign_ins": {
            "files": files,
            "times": found.times,
            "refused": found.refused,
            "first": found.first,
            "last": found.last,
            "of_other_roles": found.others,
            "not_compared": found.more,
            "notes": list(notes),
        },
        "groups": [_group(one) for one in found.groups],
        "runs": [run_object(one.explanation) for one in found.groups],
    }
    return render_document(content)


def _group(group: SignInGroup) -> dict[str, Any]:
    return {
        "answer": group.answer,
        "cause": group.cause,
        "role": group.role,
        "error": group.error,
        "sub": group.subject,
        "subs": group.subjects,
        "times": group.times,
        "first": group.first,
        "last": group.last,
    }


def render_log_json(answer: LogAnswer) -> str:
    """Render the answers to a log."""
    content = {
        "runs": [*map(run_object, answer.runs)],
        "calls": [_call(one) for one in answer.calls],
        "errors": [{"error": one.text, **_cause(one.cause)} for one in answer.errors],
    }
    return render_document(content)


def _call(answer: CallAnswer) -> dict[str, Any]:
    denied = answer.denied
    return {
        "action": denied.action,
        "resource": denied.resource,
        "principal": denied.principal,
        "policy_kind": denied.kind,
        "explicit": denied.is_explicit,
        "policy": denied.policy,
        "answer": answer.answer,
        "role": answer.role,
        "account": answer.account,
        "where": answer.where or None,
        "statement": answer.statement,
        **_cause(answer.cause),
    }


def _cause(cause: Cause) -> dict[str, Any]:
    changes = [_change(change) for change in cause.changes]
    return {"cause": cause.id, "text": cause.text, "changes": changes}


def run_object(explanation: Explanation) -> dict[str, Any]:
    """Return one run, and the answers of the roles."""
    return {
        "run": _run(explanation.run),
        "allowed": explanation.is_allowed,
        "roles": [_finding(one) for one in explanation.findings],
        "others": dict(explanation.others),
        "notes": list(explanation.notes),
    }


def _run(run: Run) -> dict[str, Any]:
    return {
        "name": run.name,
        "sub": run.subject,
        "aud": run.audience,
        "iss": f"https://{run.provider}",
        "role": run.role_arn,
        "error": run.error,
        "first_time": run.first_time,
        "time": run.time,
        "times": run.times,
        "notes": list(run.notes),
    }


def _finding(finding: RoleAnswer) -> dict[str, Any]:
    return {
        "answer": finding.answer,
        "cause": finding.cause.id,
        "besides": list(finding.besides),
        "role": finding.role,
        "account": finding.account,
        "where": finding.where,
        "statement": finding.statement,
        "sub": finding.subject,
        "checks": [_line(line) for line in finding.lines],
        "text": finding.cause.text,
        "changes": [_change(change) for change in finding.cause.changes],
        "notes": list(finding.notes),
    }


def _line(line: CheckLine) -> dict[str, Any]:
    return {
        "key": line.label,
        "operator": line.operator or None,
        "outcome": line.outcome.value,
        "held": line.held,
        "wanted": line.wanted or None,
        "others": line.others,
        "remark": line.remark or None,
    }


def _change(change: ProposedChange) -> dict[str, Any]:
    forms = [{"language": language, "text": text} for language, text in change.forms]
    return {"side": change.side, "text": change.text, "forms": forms}
