"""The graph of a review: subjects, the roles that change and their resources, bounded in number."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from deploy_access.iam.access_level import LEVELS
from deploy_access.iam.arns import Arn, account_named
from deploy_access.report.review_access import IDENTITIES, by_danger, noun_of, trust_by_width
from deploy_access.report.review_permissions import FIRST, most_dangerous_first

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy_access.access_diff.model import (
        AccessChange,
        Party,
        PermissionGrant,
        Presence,
        TrustGrant,
    )
    from deploy_access.review.model import Review

Kind = Literal["repository", "subject", "role", "resource"]
# More than a person takes in at a glance, and far less than GitHub refuses to draw (500 edges,
# `maxEdges` of https://mermaid.js.org/config/schema-docs/config.html).
_NODES, _EDGES = 40, 60
_SERVICES = 3


@dataclass(frozen=True, slots=True)
class Node:
    """
    A place in the graph; two with the same *key* are one.

    Attributes:
        kind: Its kind, which decides its shape.
        key: Its identity.
        label: Its text.
        presence: Whether it is new or gone; used for roles only.
    """

    kind: Kind
    key: str
    label: str
    presence: Presence = "kept"


@dataclass(frozen=True, slots=True)
class Edge:
    """
    A connection of two places.

    Attributes:
        start: Its first place.
        end: Its last place.
        presence: Whether it is new or gone.
        label: What is allowed through it, or an empty text.
    """

    start: Node
    end: Node
    presence: Presence = "kept"
    label: str = ""


@dataclass(slots=True)
class Graph:
    """
    The places and connections that are shown, bounded in number.

    Attributes:
        nodes: The places, in the order of the connections.
        edges: The connections, the changed ones first.
        left_out: The number of further connections, for which there was no room.
    """

    nodes: dict[Node, None] = field(default_factory=dict[Node, None])
    edges: dict[Edge, None] = field(default_factory=dict[Edge, None])
    left_out: int = 0

    def add(self, way: list[Edge]) -> None:
        """Add connections that belong together, or count them where there is no room."""
        edges = dict.fromkeys(edge for edge in way if edge not in self.edges)
        ends = (node for edge in edges for node in (edge.start, edge.end))
        nodes = dict.fromkeys(node for node in ends if node not in self.nodes)
        room = len(self.nodes) + len(nodes) <= _NODES and len(self.edges) + len(edges) <= _EDGES
        if room:
            self.nodes |= nodes
            self.edges |= edges
        else:
            self.left_out += 1


def access_graph(review: Review) -> Graph:
    """Return the graph of the roles and repositories that change, their unchanged access last."""
    widened = by_danger(review.widened)
    changes = [*widened, *(change for change in review.access if not change.is_widened)]
    ways = [way for change in changes for way in _ways(change)]
    graph = Graph()
    # The room is for what changes; unchanged access takes what is left.
    for way in sorted(ways, key=lambda way: way[-1].presence == "kept"):
        graph.add(way)
    return graph


def _ways(change: AccessChange) -> Iterator[list[Edge]]:
    sides: tuple[tuple[Presence, int], ...] = (("made", 0), ("gone", 1), ("kept", 2))
    trust, permissions = change.trust, change.permissions
    place = _place(change)
    for presence, side in sides:
        let_in = (trust.gained, trust.lost, trust.kept)[side]
        for grant in trust_by_width(let_in, change.party.account):
            yield _trust_way(grant, place, presence)
        each = ([grant] for grant in (permissions.gained, permissions.lost, permissions.kept)[side])
        # There may be no room for all.
        grants = [grant for [grant] in most_dangerous_first(each, change.party.account)]
        yield from ([edge] for edge in _permission_edges(grants, change.party, place, presence))


def _place(change: AccessChange) -> Node:
    party = change.party
    if party.kind == "role":
        return Node("role", f"{party.account} {party.name}", party.name, change.presence)
    if noun_of(party) in {*IDENTITIES, "policy"}:
        label = f"{party.kind} {party.name}"
        return Node("role", f"{party.account} {label}", label, change.presence)
    service = {"repository": "ecr"}.get(party.kind, party.kind)
    return _arn_node(
        f"arn:aws:{service}:{party.region}:{party.account}:{party.kind}/{party.name}", party
    )


def _trust_way(grant: TrustGrant, role: Node, presence: Presence) -> list[Edge]:
    if not grant.subject:
        return [_assumes(_principal(grant.principal), role, presence)]
    head, _colon, rest = grant.subject.partition(":")
    repository, colon, asked = rest.partition(":")
    if head != "repo" or not colon:
        return [_assumes(Node("subject", grant.subject, grant.subject), role, presence)]
    label = "* (anything)" if asked == "*" else asked
    subject = Node("subject", grant.subject, label)
    origin = Edge(Node("repository", repository, repository), subject)
    return [origin, _assumes(subject, role, presence)]


def _principal(arn: str) -> Node:
    """Return the place of a principal: an account by its number, others as the policy has them."""
    account = account_named(arn)
    return Node("subject", arn, f"account {account}" if account else arn)


def _assumes(subject: Node, role: Node, presence: Presence) -> Edge:
    return Edge(subject, role, presence, "" if presence == "kept" else "assumes")


def _permission_edges(
    grants: Iterable[PermissionGrant], party: Party, place: Node, presence: Presence
) -> list[Edge]:
    ways: dict[tuple[Node, Node], list[PermissionGrant]] = {}
    for grant in grants:
        principal = _principal(grant.principal)
        start, end = (
            (principal, place) if grant.principal else (place, _arn_node(grant.resource, party))
        )
        ways.setdefault((start, end), []).append(grant)
    return [Edge(start, end, presence, _does(found)) for (start, end), found in ways.items()]


def _arn_node(arn: str, party: Party) -> Node:
    """Return the place of a resource, named by its ARN without the party's account and region."""
    parsed = Arn.parse(arn)
    if parsed is None:
        return Node("resource", arn, "any resource" if arn == "*" else arn)
    service, rest = parsed.service, parsed.resource
    elsewhere = f" of {parsed.account}" if parsed.account not in {"", party.account} else ""
    key = f"{service} {parsed.region} {parsed.account} {rest}"
    return Node("resource", key, f"{service} {rest}{elsewhere}")


def _does(grants: Iterable[PermissionGrant]) -> str:
    """Return the one action, or the services and access levels of several."""
    grants, policies = _parted(grants)
    actions = {grant.action for grant in grants}
    if not actions:
        return ", ".join(policies)
    if len(actions) == 1:
        return ", ".join([*actions, *policies])
    services = sorted({a.partition(":")[0] for a in actions}, key=lambda s: (s not in FIRST, s))
    levels = [level for level in LEVELS if any(level in grant.actions for grant in grants)]
    return f"{' '.join(services[:_SERVICES])} {', '.join([*levels, *policies])}"


def _parted(grants: Iterable[PermissionGrant]) -> tuple[list[PermissionGrant], list[str]]:
    """Split the grants of policies whose content is not known from the others; they have a name."""
    grants = list(grants)
    hidden = sorted({grant.policy.rpartition("/")[2] for grant in grants if grant.policy})
    return [grant for grant in grants if not grant.policy], [f"policy {name}" for name in hidden]
