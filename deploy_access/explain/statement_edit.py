"""A statement of a trust policy that is changed, or written anew, so that it lets one run in."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, cast

from deploy_access.explain.dead_values import is_dead, is_met_by_none
from deploy_access.github.claims import CLAIMS
from deploy_access.github.oidc_trust import is_other_key
from deploy_access.github.run import AUDIENCE, parse_provider
from deploy_access.iam.operators import asks_for_text, read_operator
from deploy_access.iam.outcome import Outcome
from deploy_access.iam.policy import WEB_IDENTITY
from deploy_access.json_shape import as_list, as_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deploy_access.explain.case import Case
    from deploy_access.iam.conditions import Check
    from deploy_access.iam.evaluation import StatementResult

Conditions = dict[str, dict[str, object]]


def exact_statement(case: Case, conditions: Conditions | None = None) -> dict[str, object]:
    """Write a statement for one `sub` and one audience, with further conditions."""
    all_of_them: Conditions = conditions or {}
    for claim, value in _exact(case).items():
        put(all_of_them, "StringEquals", f"{case.run.provider}:{claim}", value)
    return {
        "Effect": "Allow",
        "Principal": {"Federated": case.provider_arn},
        "Action": WEB_IDENTITY,
        "Condition": all_of_them,
    }


def _exact(case: Case) -> dict[str, str]:
    return {"aud": case.run.audience or AUDIENCE, "sub": case.subject}


class StatementEdit:
    """A change of the statement that comes nearest to a run, or one for this run beside it."""

    def __init__(self, case: Case, result: StatementResult, subject: str | None = None) -> None:
        self.case = case
        self.result = result
        self.subject = subject or case.subject
        self.replaced = ""
        self.dropped: list[str] = []
        self._checks = {(check.operator, check.key): check for check in result.checks}

    def in_place(self, raw: Mapping[str, object]) -> dict[str, object] | None:
        """Change the statement itself, if no other run gets in or is shut out by that."""
        failing = [one for one in self.result.checks if one.outcome is Outcome.FAIL]
        live = [one for one in failing if not self._is_met_by_none(one)]
        is_dead = len(live) < len(failing) or self._is_of_none()
        if len(live) > 1 or not all(map(self._takes_values, live)):
            return None
        if not is_dead and (not live or not self._names_subject()):
            return None
        if not self._is_of_none() and self._is_for_others():
            return None
        found = dict(raw)
        if self.result.principal is Outcome.FAIL:
            found["Principal"] = {"Federated": self.case.provider_arn}
        if self.result.action is Outcome.FAIL:
            found["Action"] = WEB_IDENTITY
            found.pop("NotAction", None)
        found["Condition"] = self._mended(raw)
        return found

    def of_its_own(self, raw: Mapping[str, object]) -> dict[str, object] | None:
        """Write a statement for this run: its exact values, and every condition that it meets."""
        conditions: Conditions = {}
        for operator, key, value in _conditions(raw):
            check = self._checks.get((operator, key))
            if check is None or self._claim(check) in {"sub", "aud"}:
                continue
            if check.outcome is Outcome.PASS:
                put(conditions, operator, key, value)
            elif self._is_met_by_none(check) or self._follows_from_subject(check):
                continue
            elif check.held and asks_for_text(check.operator):
                put(conditions, "StringEquals", key, check.held[0])
            else:
                return None
        return exact_statement(self.case, conditions)

    def _mended(self, raw: Mapping[str, object]) -> Conditions:
        conditions: Conditions = {}
        for operator, key, value in _conditions(raw):
            check = self._checks.get((operator, key))
            if check is None or check.outcome is not Outcome.FAIL:
                put(conditions, operator, key, value)
            elif self._claim(check) in {"sub", "aud"}:
                self._mend_exact(conditions, check)
            elif not check.operator_known:
                put(conditions, "StringEquals", key, value)
            elif self._other_prefix(check):
                name = self._other_prefix(check)
                put(conditions, operator, f"{self.case.run.provider}:{name}", value)
            else:  # AWS does not have the key, and nothing says what it was meant for.
                self.dropped.append(check.key)
        if not any(self._is_subject(key) for keys in conditions.values() for key in keys):
            subject_key = f"{self.case.run.provider}:sub"
            put(conditions, "StringEquals", subject_key, self.case.subject)
        return conditions

    def _mend_exact(self, conditions: Conditions, check: Check) -> None:
        claim = self._claim(check)
        wanted = self.subject if claim == "sub" else _exact(self.case)["aud"]
        operator = read_operator(check.operator)
        is_pattern = operator is not None and operator.is_pattern
        live = [
            value
            for value in check.wanted
            if not is_dead(
                value,
                claim=claim or "sub",
                is_pattern=is_pattern,
                provider=self.case.run.provider,
            )
        ]
        if self._is_met_by_none(check) or not live:
            self.replaced = check.wanted[0] if claim == "sub" and check.wanted else self.replaced
            put(conditions, "StringEquals", f"{self.case.run.provider}:{claim}", wanted)
            return
        nearest = self.case.nearest_value(check)
        kept = [value for value in check.wanted if value in live or value != nearest]
        if len(kept) < len(check.wanted) and claim == "sub":
            self.replaced = nearest
        put(conditions, check.operator, check.key, [*kept, wanted])

    def _is_met_by_none(self, check: Check) -> bool:
        run = self.case.run
        return is_met_by_none(
            check.operator,
            check.key,
            check.wanted,
            provider=run.provider,
            subject=run.subject,
        )

    def _takes_values(self, check: Check) -> bool:
        """Whether one more value of a condition lets in this kind of run alone."""
        return self._claim(check) in {"sub", "aud"} and asks_for_text(check.operator)

    def _is_of_none(self) -> bool:
        """Whether the statement lets no token in, whatever its conditions are."""
        statement = self.result.statement
        if self.result.action is Outcome.FAIL:
            return all(one.kind == "Federated" for one in statement.principals or ())
        if self.result.principal is not Outcome.FAIL:
            return False
        known = [parse_provider(one.value) for one in statement.principals or ()]
        own = parse_provider(self.case.provider_arn).get("account")
        return all(
            one.kind == "Federated" and (not parts or parts["account"] != own)
            for one, parts in zip(statement.principals or (), known, strict=True)
        )

    def _is_for_others(self) -> bool:
        return Outcome.FAIL in {self.result.principal, self.result.action}

    def _names_subject(self) -> bool:
        return any(
            self._claim(check) == "sub" and asks_for_text(check.operator)
            for check in self.result.checks
        )

    def _follows_from_subject(self, check: Check) -> bool:
        """Whether a claim that the run has not is one that its `sub` would show."""
        return self._claim(check) in {"environment", "ref"} and not check.held

    def _claim(self, check: Check) -> str | None:
        """Return the claim of this token, or of another prefix, that a condition is about."""
        return self.case.claim_of(check) or self._other_prefix(check)

    def _other_prefix(self, check: Check) -> str | None:
        prefix, _, claim = check.key.rpartition(":")
        if is_other_key(check.key) or prefix.casefold() == self.case.run.provider.casefold():
            return None
        return claim if claim.casefold() in {*CLAIMS, "aud", "sub"} else None

    def _is_subject(self, key: str) -> bool:
        return key.casefold() == f"{self.case.run.provider}:sub".casefold()


def _conditions(raw: Mapping[str, object]) -> Iterator[tuple[str, str, object]]:
    for operator, keys in as_object(raw.get("Condition")).items():
        for key, value in as_object(keys).items():
            yield operator, key, value


def put(conditions: Conditions, operator: str, key: str, value: object) -> None:
    """Add a condition; the values of one that is there already stay."""
    keys = conditions.setdefault(operator, {})
    if key not in keys:
        keys[key] = deepcopy(value)
        return
    both = [*as_list(keys[key]), *as_list(value)]
    keys[key] = list(dict.fromkeys(cast("list[str]", both)))
