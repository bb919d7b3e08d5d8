"""Places that cannot all be right about a name or a number."""

from __future__ import annotations

import pytest

from deploy_access.github.contradictions import Mention, contradictions
from deploy_access.github.naming import naming_in

HOST = "token.actions.githubusercontent.com"


def found(*lists: list[str], servers: tuple[str, ...] = ()) -> list[tuple[str, str, str, str]]:
    """Name the contradictions between lists of prefixes of `sub`, and the two places of each."""
    mentions = [
        Mention(
            naming=naming,
            server=servers[number] if servers else HOST,
            among=number,
            place=f"{number}",
        )
        for number, values in enumerate(lists)
        for value in values
        if (naming := naming_in(f"repo:{value}:ref:refs/heads/main"))
    ]
    return [(c.thing, c.kind, c.first.place, c.second.place) for c in contradictions(mentions)]


CONTRADICTIONS = [
    pytest.param([["acme@1/web@2"], ["acme@1/web@3"]], [("repository", "ids", "0", "1")],
                 id="one repository, two ids"),
    pytest.param([["acme@1/web@2"], ["acme@1/api@2"]], [("repository", "names", "0", "1")],
                 id="two repositories, one id"),
    pytest.param([["acme@1/web@2"], ["acme@5/api@3"]], [("owner", "ids", "0", "1")],
                 id="one owner, two ids"),
    pytest.param([["acme@1/web@2"], ["other@1/api@3"]], [("owner", "names", "0", "1")],
                 id="two owners, one id"),
    pytest.param([["acme@1/web@2"], ["acme@5/web@3"]], [("owner", "ids", "0", "1")],
                 id="another owner of that name, said of the owner alone"),
    pytest.param([["acme@1/web@2"], ["other@1/web@2"]], [("owner", "names", "0", "1")],
                 id="an owner of another name, said of the owner alone"),
    pytest.param([["acme@1/web@2"], ["other@5/web@2"]], [("repository", "names", "0", "1")],
                 id="a repository of two owners"),
    pytest.param([["acme/web"], ["Acme/web"]], [("owner", "letter case", "0", "1")],
                 id="letter case of an owner"),
    pytest.param([["acme/web"], ["acme/Web"]], [("repository", "letter case", "0", "1")],
                 id="letter case of a repository"),
    pytest.param([["acme@1/web@2"], ["Acme/api"]], [("owner", "letter case", "0", "1")],
                 id="letter case in the other form"),
    pytest.param([["acme@1/web@2"], ["acme@1/Web@3"]],
                 [("repository", "ids", "0", "1"), ("repository", "letter case", "0", "1")],
                 id="letter case and an id"),
    pytest.param([["acme@1/*"], ["acme@5/*"]], [("owner", "ids", "0", "1")], id="any repository"),
    pytest.param([["acme@1/web@2", "acme@1/web@3"]], [("repository", "ids", "0", "0")],
                 id="two ids in one list"),
    pytest.param([["acme@1/web@2"], ["acme@1/web@3"], ["acme@1/web@3"], ["acme@1/web@4"]],
                 [("repository", "ids", "0", "1"), ("repository", "ids", "0", "3")],
                 id="each other id once"),
    pytest.param([["acme@1/new@2", "acme@1/old@2"], ["acme@1/web@2"]],
                 [("repository", "names", "0", "1")], id="a name beside those of a rename"),
]  # fmt: skip
CONSISTENT = [
    pytest.param([["acme@1/web@2", "acme/web"], ["acme@1/web@2"]], id="both forms"),
    pytest.param([["acme@1/web@2"], ["acme@1/api@3"]], id="two repositories"),
    pytest.param([["acme@1/web@2"], ["other@5/web@3"]], id="one name, two owners"),
    pytest.param([["acme@1/web@1"]], id="an owner and a repository have numbers of their own"),
    pytest.param([["acme@1/new@2", "acme@1/old@2"]], id="a rename"),
    pytest.param([["acme@1/old@2"], ["acme@1/new@2"], ["acme@1/old@2", "acme@1/new@2"]],
                 id="a rename that a later list knows"),
    pytest.param([["acme@1/a@2", "acme@1/b@2"], ["acme@1/b@2", "acme@1/c@2"], ["acme@1/c@2"]],
                 id="two renames"),
    pytest.param([["acme@1/web@2", "newco@5/web@2"]], id="another owner"),
    pytest.param([["acme@1/web@2", "newco@1/web@2"], ["newco@1/api@3"]], id="an owner's rename"),
    pytest.param([["acme/web", "Acme/web"]], id="a rename in letter case"),
    pytest.param([["acme/web*", "acme/*"], ["acme/web"]], id="patterns"),
    pytest.param([["acme@*/web@*"], ["acme@1/web@2"]], id="open ids"),
]  # fmt: skip


@pytest.mark.parametrize(("lists", "expected"), CONTRADICTIONS)
def test_contradictions(lists: list[list[str]], expected: list[tuple[str, str, str, str]]) -> None:
    """What cannot be true of one GitHub is found, at the first place and at the other."""
    assert found(*lists) == expected


@pytest.mark.parametrize("lists", CONSISTENT)
def test_no_contradiction(lists: list[list[str]]) -> None:
    """What is true together, and a rename that one list has both sides of, is left alone."""
    assert found(*lists) == []


@pytest.mark.parametrize("case", range(5))
def test_each_server_has_its_own(case: int) -> None:
    """Two servers of GitHub may give one number to two things."""
    lists: list[list[str]] = CONTRADICTIONS[case].values[0]  # pyright: ignore[reportAssignmentType]

    assert found(*lists, servers=(HOST, "github.acme.example")) == []


def test_the_order_does_not_matter() -> None:
    """The same pairs of values are found from either end."""
    for case in CONTRADICTIONS:
        lists: list[list[str]] = case.values[0]  # pyright: ignore[reportAssignmentType]
        there, back = found(*lists), found(*reversed(lists))

        assert sorted(c[:2] for c in there) == sorted(c[:2] for c in back)


def test_a_problem_names_both_places() -> None:
    """A refusal shows what each place says, and how to ask GitHub."""
    first, second = (
        Mention(naming=naming, server=HOST, among=place, place=place)
        for place, value in (("a", "repo:acme@1/web@2:x"), ("b", "repo:acme@1/api@2:x"))
        if (naming := naming_in(value))
    )
    (contradiction,) = contradictions([first, second])
    problem = contradiction.problem(lambda place: f"role {place}")

    assert (problem.what, problem.given) == (
        "Two repositories have the id 2.",
        ["role a: 'acme/web'", "role b: 'acme/api'"],
    )
    assert "gh api repositories/2 --jq .full_name" in problem.fix
