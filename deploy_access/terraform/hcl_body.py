"""
The blocks and arguments of a file in HCL, as the objects that Terraform's JSON has for them.

An argument becomes its value where it is written out; what needs Terraform becomes `${expression}`,
which the reader of JSON evaluates. Every block of a body becomes a member of a list.

Sources: https://developer.hashicorp.com/terraform/language/syntax/json and
https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, NoReturn, cast

from deploy_access.terraform.block_comments import LABELS
from deploy_access.terraform.hcl_literals import template_text
from deploy_access.terraform.hcl_tokens import NESTED, NoEndError, NotUnderstoodError
from deploy_access.terraform.hcl_values import HclValues
from deploy_access.terraform.repeated_keys import repeated_keys

if TYPE_CHECKING:
    from collections.abc import Mapping

    Body = dict[str, object]

# Arguments that are names and no expressions, by the block that they stand in; in JSON they are
# plain texts. https://developer.hashicorp.com/terraform/language/syntax/json#block-type-specific
_NAMES: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("data", "resource", "ephemeral"), frozenset({"depends_on", "provider"})),
    **dict.fromkeys(("import", "moved", "removed"), frozenset({"from", "provider", "to"})),
    "dynamic": frozenset({"iterator"}),
    "lifecycle": frozenset({"ignore_changes", "replace_triggered_by"}),
    "module": frozenset({"depends_on", "providers"}),
    "output": frozenset({"depends_on"}),
    "variable": frozenset({"type"}),
}
_NESTED = frozenset({"dynamic", "lifecycle"})
_OPEN = "A bracket that opens here is not closed."
# Characters of a text that a message shows.
_SHOWN = 40


class HclError(Exception):
    """
    A text that Terraform refuses.

    Attributes:
        why: What is wrong, as a sentence.
        line: Where, from 1.
    """

    def __init__(self, why: str, line: int) -> None:
        super().__init__(why)
        self.why = why
        self.line = line


class HclBody(HclValues):
    """
    A file in HCL.

    Attributes:
        lines: The line of each block and argument, by its path: `aws_iam_role.web.name`.
        repeated: The paths of keys and arguments that stand twice in one object or block.
    """

    def __init__(self, source: str) -> None:
        self._starts = [0, *accumulate(len(line) + 1 for line in source.split("\n"))]
        try:
            super().__init__(source, 0)
        except NotUnderstoodError as error:
            line = self._line(error.at or 0)
            raise HclError(_not_understood(source, error), line) from error
        self.newline_ends = True
        self.lines: dict[str, int] = {}
        self.repeated: dict[str, None] = {}

    def read(self) -> Body:
        """
        Return the whole file.

        Raises:
            HclError: Terraform refuses it.
        """
        return self._body("", "", "end")

    def _body(self, path: str, kind: str, closing: str) -> Body:
        found: Body = {}
        while True:
            self.skip_newlines()
            token = self.peek()
            if token.kind == "end" or (token.text == "}" and token.kind == "sign"):
                if closing not in {token.text, token.kind}:
                    self._refuse("A `}` closes nothing." if closing == "end" else _OPEN)
                self.at += 1
                return found
            if token.kind != "name":
                self._refuse(f"{token.text[:_SHOWN]!r} is no name of an argument or a block.")
            self.at += 1
            if self.peek().text == "=":
                self._argument(found, path, kind, token.text)
            else:
                self._block(found, path, token.text)

    def _argument(self, body: Body, path: str, kind: str, name: str) -> None:
        line = self._line_here()
        self.at += 1
        start, end = self.at, self._value_end()
        if start == end:
            self._refuse(f"The argument `{name}` has no value.")
        where = f"{path}.{name}" if path else name
        if name in body:
            self.repeated[where] = None
        self.lines[where] = line
        try:
            body[name] = self.value_of(start, end, are_names=name in _NAMES.get(kind, ()))
        except NotUnderstoodError:
            self._refuse(f"The value of `{name}` has an escape or a number that HCL does not have.")
        if end - start > 1:
            for key, at in repeated_keys(self.tokens, start, end):
                self.repeated[f"{where}{key}"] = None
                self.lines[f"{where}{key}"] = self._line(at)
        self.at = end
        if self.peek().kind not in {"newline", "end"} and self.peek().text != "}":
            self._refuse(f"The argument `{name}` ends with its line, and more follows.")

    def _value_end(self) -> int:
        """Return the token after the value that begins here."""
        at = self.at
        while True:
            token = self.tokens[at]
            if token.kind in {"newline", "end"} or (
                token.kind == "sign" and token.text in {"}", ","}
            ):
                return at
            if token.kind == "sign" and token.text in {"(", "[", "{"}:
                if at not in self.closing:
                    raise HclError(_OPEN, self._line(token.start))
                at = self.closing[at]
            at += 1

    def _block(self, body: Body, path: str, kind: str) -> None:
        line, labels = self._line_here(), self._labels(kind)
        if not self.take("{"):
            self._refuse(f"After `{kind}` belongs a `=` or a `{{`.")
        if not path and len(labels) != LABELS.get(kind, len(labels)):
            self._refuse(f"A block `{kind}` has {LABELS[kind]} labels, and not {len(labels)}.")
        if self.deeper() == NESTED:
            self._refuse(f"Blocks are nested in more than {NESTED} levels.")
        place = _list_at(body, kind, labels)
        name = ".".join([*([path] if path else []), kind, *labels])
        where = name.removeprefix("resource.") if not path else f"{name}[{len(place)}]"
        self.lines.setdefault(where, line)
        if not path and LABELS.get(kind) and place and kind != "provider":
            self.repeated[where] = None
        is_known = not path or kind in _NESTED
        place.append(self._body(where, kind if is_known else "", "}"))
        self.depth -= 1

    def _labels(self, kind: str) -> list[str]:
        labels: list[str] = []
        while (token := self.peek()).kind in {"name", "string"}:
            try:
                text = token.text if token.kind == "name" else template_text(token.text[1:-1])
            except NotUnderstoodError:
                self._refuse(f"A label of `{kind}` has an escape that HCL does not have.")
            labels.append(text)
            self.at += 1
        return labels

    def _line(self, at: int) -> int:
        return bisect_right(self._starts, at)

    def _line_here(self) -> int:
        return self._line(self.tokens[self.at - 1].start)

    def _refuse(self, why: str) -> NoReturn:
        raise HclError(why, self._line(self.tokens[self.at].start))


def _list_at(body: Body, kind: str, labels: list[str]) -> list[object]:
    """Return the list that the blocks of a kind with these labels are members of."""
    for name in (kind, *labels[:-1])[: len(labels)]:
        inside = body.setdefault(name, {})
        if not isinstance(inside, dict):  # an argument of that name, which Terraform refuses
            inside = body[name] = {}
        body = cast("Body", inside)
    name = labels[-1] if labels else kind
    found = body.get(name)
    if not isinstance(found, list):
        found = body[name] = [] if found is None else [found]
    return cast("list[object]", found)


def _not_understood(source: str, error: NotUnderstoodError) -> str:
    if isinstance(error, NoEndError) or error.at is None:
        return "A text that begins here has no end in its line, or a heredoc none at all."
    return f"HCL does not have the character {source[error.at]!r}."
