"""Templates with `%{if}`, `%{for}` and marks that strip white space have Terraform's value."""

from __future__ import annotations

from dataclasses import replace

import pytest
from reading_files import EMPTY_MODULE

from deploy_access.terraform.scopes import scopes_of

MODULE = replace(
    EMPTY_MODULE, local_values={"yes": True, "no": False, "all": ["a", "b"], "map": {"k": "v"}}
)


def value(text: str) -> str:
    """Resolve a template, and write what is not resolved."""
    [scope] = scopes_of([MODULE])
    return str(scope.symbols.write_value(scope.value(text)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a%{ if local.yes }b%{ endif }c", "abc"),
        ("a%{ if local.no }b%{ endif }c", "ac"),
        ("%{ if local.no }a%{ else }b%{ endif }", "b"),
        ("%{ if local.yes }%{ if local.no }a%{ else }b%{ endif }%{ endif }", "b"),
        ("%{ for x in local.all }<${x}>%{ endfor }", "<a><b>"),
        ("%{ for i, x in local.all }${i}${x} %{ endfor }", "0a 1b "),
        ("%{ for k, v in local.map }${k}=${v}%{ endfor }", "k=v"),
        ("%{ for x in [] }${x}%{ endfor }", ""),
        ("a \n %{~ if local.yes ~} \n b \n %{~ endif ~} \n c", "abc"),
        ("a ${~ local.all[0] ~} b", "aab"),
        ("%%{ if local.yes } $${~ x ~}", "%{ if local.yes } ${~ x ~}"),
    ],
)
def test_values(text: str, expected: str) -> None:
    """A directive has the value that it has in Terraform."""
    assert value(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "x%{ if local.yes }a",
        "x%{ endif }",
        "x%{ for }a%{ endfor }",
        "x%{ if local.yes }a%{ endfor }",
        "x%{ unless local.yes }a%{ endif }",
        "x%{ if local.yes ",
        "%{ if local.yes }" * 200 + "%{ endif }" * 200,
        "%{ if local.unknown }a%{ endif }",
    ],
)
def test_what_is_none_stays_as_it_is_written(text: str) -> None:
    """What is not understood or not known is no text without it."""
    assert value(text).startswith("${")
