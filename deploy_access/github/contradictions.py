"""
Where two places disagree about the name or the number of an owner or a repository on GitHub.

A number is for ever, and a name is of one thing at a time. After a rename a number has two names:
where one list has both, that is no contradiction.

Source: https://docs.github.com/rest/repos/repos (`id`), https://docs.github.com/rest/users/users
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Generic, Literal, TypeAlias, TypeVar

from deploy_access.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

    from deploy_access.github.naming import Naming

    Pairs: TypeAlias = Iterator[tuple["Said[T]", "Said[T]"]]
    _Label: TypeAlias = Callable[["Said[T]"], Hashable]

T = TypeVar("T")
Disagreement = Literal["ids", "letter case", "names"]
Thing = Literal["owner", "repository"]

_WHY = (
    "GitHub gives a number once and never changes it: what trusts a wrong one lets in nobody, or a "
    "stranger."
)
_WHY_CASE = "IAM compares letter case, and tokens have one spelling: the other lets in nobody."


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention(Generic[T]):
    """
    What one place says of an owner and a repository.

    Attributes:
        naming: The names and numbers.
        server: The host of the issuer: each server has names and numbers of its own.
        among: The list that it is in, which has a thing under its former names too.
        place: The place.
    """

    naming: Naming
    server: str
    among: Hashable
    place: T


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Generic[T]):
    """
    What a place says of one thing: of an owner, or of a repository.

    Attributes:
        called: `acme`, or `acme/web`.
        id: GitHub's number for it, or None.
        owner_id: That for its owner; None for an owner, and where it is not said.
        among: The list that it is in.
        place: The place.
    """

    called: str
    id: int | None
    owner_id: int | None
    among: Hashable
    place: T

    @property
    def name(self) -> str:
        """The name in any letter case."""
        return self.called.casefold()

    @property
    def spelling(self) -> str:
        """The name by itself, as it is spelt: the spelling of an owner is asked apart."""
        return self.called.rpartition("/")[2]

    @property
    def name_in_owner(self) -> Hashable:
        """The name, of an owner by number: where that has two names, it is said of the owner."""
        return self.name if self.owner_id is None else (self.owner_id, self.spelling.casefold())


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction(Generic[T]):
    """
    Two places of which one is wrong.

    Attributes:
        kind: One name with two ids, two names with one id, or one name in two letter cases.
        thing: `owner` or `repository`.
        first: What the first place says.
        second: What a later place says.
    """

    kind: Disagreement
    thing: Thing
    first: Said[T]
    second: Said[T]

    @property
    def what(self) -> str:
        """What is wrong, without the full stop."""
        if self.kind == "names":
            things = "owners" if self.thing == "owner" else "repositories"
            return f"Two {things} have the id {self.first.id}"
        wrong = "has two ids" if self.kind == "ids" else "is written in two letter cases"
        return f"{self.thing.capitalize()} {self.first.called!r} {wrong}"

    @property
    def why(self) -> str:
        """Why it matters, as a sentence."""
        return _WHY_CASE if self.kind == "letter case" else _WHY

    @property
    def fix(self) -> str:
        """What to do, as sentences."""
        rest, name = ("users", "login") if self.thing == "owner" else ("repos", "full_name")
        if self.kind == "names":
            one = "user" if self.thing == "owner" else "repositories"
            ask = f"gh api {one}/{self.first.id} --jq .{name}"
            return f"Ask GitHub: {ask}. A former name belongs into one list with the new one."
        asked = "id" if self.kind == "ids" else name
        return f"Ask GitHub: gh api {rest}/{self.first.called} --jq .{asked}"

    def says(self, said: Said[T]) -> str:
        """Show what a place says: the id, or the name."""
        return str(said.id) if self.kind == "ids" else repr(said.called)

    def problem(self, show: Callable[[T], str]) -> Problem:
        """Return it in four parts, with the places as *show* writes them."""
        given = [f"{show(one.place)}: {self.says(one)}" for one in (self.first, self.second)]
        return Problem(what=f"{self.what}.", given=given, why=self.why, fix=self.fix)


def contradictions(mentions: Iterable[Mention[T]]) -> Iterator[Contradiction[T]]:
    """Find what later places say otherwise than earlier ones."""
    owners: defaultdict[str, list[Said[T]]] = defaultdict(list)
    repositories: defaultdict[str, list[Said[T]]] = defaultdict(list)
    for mention in mentions:
        owners[mention.server].append(_of_owner(mention))
        if mention.naming.name is not None:
            repositories[mention.server].append(_of_repository(mention))
    for said in owners.values():
        yield from _among(said, "owner")
    for said in repositories.values():
        yield from _among(said, "repository")


def _of_owner(mention: Mention[T]) -> Said[T]:
    naming = mention.naming
    return Said(
        called=naming.owner,
        id=naming.owner_id,
        owner_id=None,
        among=mention.among,
        place=mention.place,
    )


def _of_repository(mention: Mention[T]) -> Said[T]:
    naming = mention.naming
    return Said(
        called=f"{naming.owner}/{naming.name}",
        id=naming.repo_id,
        owner_id=naming.owner_id,
        among=mention.among,
        place=mention.place,
    )


def _among(said: list[Said[T]], thing: Thing) -> Iterator[Contradiction[T]]:
    numbered = [one for one in said if one.id is not None]
    found: list[tuple[Disagreement, Pairs[T]]] = [
        *(("ids", _two_ids(each)) for each in _grouped(numbered, attrgetter("name"))),
        *(
            ("names", _apart(each, attrgetter("name_in_owner")))
            for each in _grouped(numbered, attrgetter("id"))
        ),
        *(
            ("letter case", _apart(each, attrgetter("spelling")))
            for each in _grouped(said, attrgetter("name"))
        ),
    ]
    for kind, pairs in found:
        for first, second in pairs:
            yield Contradiction(kind=kind, thing=thing, first=first, second=second)


def _grouped(said: list[Said[T]], key: _Label[T]) -> Iterable[list[Said[T]]]:
    groups: defaultdict[Hashable, list[Said[T]]] = defaultdict(list)
    for one in said:
        groups[key(one)].append(one)
    return groups.values()


def _two_ids(said: list[Said[T]]) -> Pairs[T]:
    first = said[0]
    seen = {first.id}
    for one in said:
        # That the owner has two ids is said of the owner.
        is_same_owner = None in (owners := {one.owner_id, first.owner_id}) or len(owners) == 1
        if one.id not in seen and is_same_owner:
            seen.add(one.id)
            yield first, one


def _apart(said: list[Said[T]], label: _Label[T]) -> Pairs[T]:
    """Return the first of what has one label with each of another that no list has beside it."""
    labelled = [(label(one), one) for one in said]
    if len({of for of, _ in labelled}) == 1:
        return  # nearly all of them
    parents: dict[Hashable, Hashable] = {}
    lists: dict[Hashable, Hashable] = {}

    def root(of: Hashable) -> Hashable:
        while (above := parents.setdefault(of, of)) != of:
            parents[of] = parents[above]  # the way is shorter the next time
            of = above
        return of

    for of, one in labelled:
        parents[root(of)] = root(lists.setdefault(one.among, of))
    others = {root(of): one for of, one in reversed(labelled)}
    others.pop(root(label(said[0])))
    for one in reversed(others.values()):
        yield said[0], one
