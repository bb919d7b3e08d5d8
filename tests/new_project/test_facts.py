"""The facts of a new project: what stands in for them, and what GitHub and AWS cannot have."""

from __future__ import annotations

import pytest

from deploy_access.errors import InvalidValue
from deploy_access.new_project.facts import EXAMPLE, ProjectFacts


def test_the_example_stands_in() -> None:
    """What is not given is the example's, and known as such."""
    facts = ProjectFacts(repository="northwind/stacks", account="444455556666")

    assert (facts["repository"], facts["account"]) == ("northwind/stacks", "444455556666")
    assert (facts.owner, facts.name) == ("northwind", "stacks")
    assert [name for name in EXAMPLE if facts.stands_in(name)] == [
        "owner_id",
        "repo_id",
        "region",
        "environment",
        "service",
        "service_id",
    ]


def test_the_value_of_the_example_may_be_meant() -> None:
    """A fact that is given is one's own, also when it is that of the example."""
    assert not ProjectFacts(repository="acme/infra").stands_in("repository")


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("repository", "infra"),
        ("repository", "infra team"),
        ("owner_id", "acme"),
        ("repo_id", "-1"),
        ("repo_id", "007"),
        ("account", "11112222333"),
        ("region", "frankfurt"),
        ("environment", "Prod"),
        ("environment", "1st"),
        ("service", "acme/web"),
        ("service_id", "web"),
    ],
)
def test_what_cannot_be_is_refused(fact: str, value: str) -> None:
    """Each fact is checked."""
    with pytest.raises(InvalidValue) as caught:
        ProjectFacts(**{fact: value})

    assert repr(value) in str(caught.value)


def test_all_mistakes_come_at_once() -> None:
    """Two wrong facts are two problems of one error."""
    with pytest.raises(InvalidValue) as caught:
        ProjectFacts(account="1", region="here")

    assert len(caught.value.problems) == 2


def test_names_for_aws() -> None:
    """What GitHub takes as a name and AWS does not is written in letters that both take."""
    facts = ProjectFacts(repository="Acme_corp/Infra", service="My.Web_App", environment="prod")

    assert facts.bucket == "acme-corp-terraform-state-prod"
    assert facts.service_key == "my-web-app"


def test_a_service_of_the_same_repository() -> None:
    """It has one id, as a repository with two would be refused."""
    facts = ProjectFacts(repository="acme/web", repo_id="5", service="web")

    assert facts["service_id"] == "5"
    assert not facts.stands_in("service_id")


def test_the_partition_is_that_of_the_region() -> None:
    """ARNs are right in China, too."""
    assert ProjectFacts(region="cn-north-1").partition == "aws-cn"
