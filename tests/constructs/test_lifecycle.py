"""Which images ECR deletes or archives: the policy's text, and what ECR would refuse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from synth import synth

from constructs_lib import EcrRepo, Images, LifecycleRule
from constructs_lib.lifecycle_policy import lifecycle_policy
from deploy_access.audit.estate_audit import audit_estate
from deploy_access.audit.refused import AccessRefused
from deploy_access.errors import InvalidValue
from deploy_access.terraform.reader import read_estate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cdktf import App, TerraformStack

EXPIRE = {"type": "expire"}
ARCHIVE = {"type": "transition", "targetStorageClass": "archive"}
TAGGED = Images.with_prefix("v")


def written(*rules: LifecycleRule) -> list[dict[str, Any]]:
    """Read the rules back from the policy's text."""
    return json.loads(lifecycle_policy(rules))["rules"]


@pytest.mark.parametrize(
    ("rule", "selection", "action"),
    [
        pytest.param(
            LifecycleRule.expire_untagged(),
            {
                "tagStatus": "untagged",
                "countType": "sinceImagePushed",
                "countUnit": "days",
                "countNumber": 14,
            },
            EXPIRE,
            id="expire untagged",
        ),
        pytest.param(
            LifecycleRule.expire(Images.with_prefix("pr-", "dev"), days=30),
            {
                "tagStatus": "tagged",
                "tagPrefixList": ["dev", "pr-"],
                "countType": "sinceImagePushed",
                "countUnit": "days",
                "countNumber": 30,
            },
            EXPIRE,
            id="expire by prefix",
        ),
        pytest.param(
            LifecycleRule.expire(Images.matching("*-rc*", "v*"), days=1),
            {
                "tagStatus": "tagged",
                "tagPatternList": ["*-rc*", "v*"],
                "countType": "sinceImagePushed",
                "countUnit": "days",
                "countNumber": 1,
            },
            EXPIRE,
            id="expire by pattern",
        ),
        pytest.param(
            LifecycleRule.keep(Images.any(), count=100),
            {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 100},
            EXPIRE,
            id="keep",
        ),
        pytest.param(
            LifecycleRule.archive_unpulled(TAGGED, days=60),
            {
                "tagStatus": "tagged",
                "tagPrefixList": ["v"],
                "countType": "sinceImagePulled",
                "countUnit": "days",
                "countNumber": 60,
            },
            ARCHIVE,
            id="archive unpulled",
        ),
        pytest.param(
            LifecycleRule.archive_after(TAGGED, days=60),
            {
                "tagStatus": "tagged",
                "tagPrefixList": ["v"],
                "countType": "sinceImagePushed",
                "countUnit": "days",
                "countNumber": 60,
            },
            ARCHIVE,
            id="archive after",
        ),
        pytest.param(
            LifecycleRule.expire_archived(TAGGED, days=90),
            {
                "tagStatus": "tagged",
                "tagPrefixList": ["v"],
                "storageClass": "archive",
                "countType": "sinceImageTransitioned",
                "countUnit": "days",
                "countNumber": 90,
            },
            EXPIRE,
            id="expire archived",
        ),
    ],
)
def test_rule(rule: LifecycleRule, selection: dict[str, Any], action: dict[str, str]) -> None:
    """Each rule is written as ECR's JSON has it, without nulls and without what it refuses."""
    assert written(rule) == [{"rulePriority": 1, "selection": selection, "action": action}]


def test_order_of_the_list() -> None:
    """Without priorities the order of the list decides."""
    rules = [LifecycleRule.expire_untagged(), LifecycleRule.keep(Images.any(), count=10)]

    assert [r["selection"]["tagStatus"] for r in written(*rules)] == ["untagged", "any"]
    assert [r["rulePriority"] for r in written(*rules)] == [1, 2]


def test_sorted_by_priority() -> None:
    """With priorities the text is sorted by them, as AWS gives it back: gaps stay."""
    rules = [
        LifecycleRule.keep(Images.any(), count=10, priority=90),
        LifecycleRule.expire_untagged(priority=10),
        LifecycleRule.expire(TAGGED, days=3, priority=20),
    ]

    assert [rule["rulePriority"] for rule in written(*rules)] == [10, 20, 90]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        pytest.param(
            [LifecycleRule.keep(Images.any(), count=9), LifecycleRule.expire_untagged()],
            [(1, "untagged"), (2, "any")],
            id="any is last wherever it stands",
        ),
        pytest.param(
            [
                LifecycleRule.keep(Images.any(), count=9),
                LifecycleRule.expire_untagged(),
                LifecycleRule.expire(TAGGED, days=3, priority=7),
            ],
            [(7, "tagged"), (8, "untagged"), (9, "any")],
            id="those without a number follow the highest one",
        ),
        pytest.param(
            [
                LifecycleRule.expire(TAGGED, days=3, priority=20),
                LifecycleRule.expire_untagged(),
                LifecycleRule.expire(Images.matching("v*"), days=3, priority=10),
            ],
            [(10, "tagged"), (20, "tagged"), (21, "untagged")],
            id="numbers are sorted and kept",
        ),
        pytest.param(
            [
                LifecycleRule.expire_archived(Images.any(), days=90),
                LifecycleRule.keep(Images.any(), count=9),
                LifecycleRule.expire_archived(TAGGED, days=90),
            ],
            [(1, "tagged"), (2, "any"), (3, "any")],
            id="any of each storage class",
        ),
    ],
)
def test_numbered_as_cdk_does(
    rules: Sequence[LifecycleRule], expected: list[tuple[int, str]]
) -> None:
    """The order of the AWS CDK: numbered, then in order of the list, then any image."""
    assert [(r["rulePriority"], r["selection"]["tagStatus"]) for r in written(*rules)] == expected


def test_canonical_text() -> None:
    """The text is always the same bytes: sorted keys, no white space."""
    text = lifecycle_policy([LifecycleRule.expire(Images.matching("b*", "a*"), days=3)])

    assert text == (
        '{"rules":[{"action":{"type":"expire"},"rulePriority":1,"selection":{"countNumber":3,'
        '"countType":"sinceImagePushed","countUnit":"days","tagPatternList":["a*","b*"],'
        '"tagStatus":"tagged"}}]}'
    )


def test_text_is_long_enough() -> None:
    """The shortest rule has the 100 characters that ECR asks for."""
    assert len(lifecycle_policy([LifecycleRule.keep(Images.any(), count=1)])) >= 100


def test_two_storage_classes() -> None:
    """Images and archived images have their own rules for `any`, untagged and each prefix."""
    rules = [
        LifecycleRule.archive_unpulled(TAGGED, days=30),
        LifecycleRule.expire_untagged(),
        LifecycleRule.archive_unpulled(Images.any(), days=90),
        LifecycleRule.expire_archived(TAGGED, days=90),
        LifecycleRule.expire_archived(Images.untagged(), days=90),
        LifecycleRule.expire_archived(Images.any(), days=365),
    ]

    assert [rule["rulePriority"] for rule in written(*rules)] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(Images.with_prefix, "prefixes or patterns", id="no prefix"),
        pytest.param(Images.matching, "prefixes or patterns", id="no pattern"),
        pytest.param(
            lambda: Images(status="tagged", prefixes=("a",), patterns=("b*",)),
            "not both",
            id="both",
        ),
        pytest.param(
            lambda: Images(status="any", prefixes=("a",)), "only tagged images", id="any with tags"
        ),
        pytest.param(
            lambda: Images(status="untagged", patterns=("a*",)),
            "only tagged images",
            id="untagged with tags",
        ),
        pytest.param(lambda: Images.with_prefix(""), "not empty", id="empty prefix"),
        pytest.param(lambda: Images.matching(""), "not empty", id="empty pattern"),
        pytest.param(lambda: Images.matching("*a*b*c*d*"), "at most 4 `*`", id="five wildcards"),
        pytest.param(lambda: LifecycleRule.keep(TAGGED, count=0), "1 or more", id="count"),
        pytest.param(lambda: LifecycleRule.expire_untagged(days=0), "1 or more", id="days"),
        pytest.param(lambda: LifecycleRule.archive_after(TAGGED, days=-1), "1 or more", id="minus"),
        pytest.param(
            lambda: LifecycleRule.expire_archived(TAGGED, days=89), "at least 90 days", id="archive"
        ),
        pytest.param(
            lambda: LifecycleRule(images=TAGGED, count_type="sinceImagePulled", count=1),
            "archives images, it does not delete",
            id="expire by pull",
        ),
        pytest.param(
            lambda: LifecycleRule(
                images=TAGGED, count_type="sinceImageTransitioned", count=90, archive=True
            ),
            "already archived",
            id="archive the archived",
        ),
        pytest.param(
            lambda: LifecycleRule.expire_untagged(priority=0), "A priority is 1", id="priority"
        ),
    ],
)
def test_value_refused(make: Callable[[], object], message: str) -> None:
    """A rule that ECR refuses by itself is refused when it is made, as one problem."""
    with pytest.raises(InvalidValue, match=message) as caught:
        make()

    assert len(caught.value.problems) == 1


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        pytest.param([], "1 to 50 rules", id="none"),
        pytest.param(
            [LifecycleRule.expire(Images.with_prefix(f"{n}-"), days=1) for n in range(51)],
            "1 to 50 rules",
            id="51",
        ),
        pytest.param(
            [
                LifecycleRule.expire_untagged(priority=1),
                LifecycleRule.keep(Images.any(), count=1, priority=1),
            ],
            "No two rules have one priority",
            id="same priority",
        ),
        pytest.param(
            [
                LifecycleRule.keep(Images.any(), count=1, priority=5),
                LifecycleRule.expire_untagged(),
            ],
            "rule for any standard image comes last.*without a priority",
            id="any has a number, and another has none",
        ),
        pytest.param(
            [
                LifecycleRule.keep(Images.any(), count=1, priority=1),
                LifecycleRule.expire_untagged(priority=2),
            ],
            "rule for any standard image comes last",
            id="any first by priority",
        ),
        pytest.param(
            [
                LifecycleRule.keep(Images.any(), count=1),
                LifecycleRule.expire(Images.any(), days=1),
            ],
            "there is only one",
            id="any twice",
        ),
        pytest.param(
            [
                LifecycleRule.expire_archived(Images.any(), days=90, priority=1),
                LifecycleRule.expire_archived(TAGGED, days=90),
            ],
            "rule for any archive image comes last",
            id="any archived first",
        ),
        pytest.param(
            [LifecycleRule.expire_untagged(), LifecycleRule.keep(Images.untagged(), count=1)],
            "one rule for untagged images",
            id="untagged twice",
        ),
        pytest.param(
            [LifecycleRule.expire(TAGGED, days=1), LifecycleRule.keep(TAGGED, count=1)],
            "each tag prefix stands in one rule",
            id="prefix twice",
        ),
        pytest.param(
            [
                LifecycleRule.expire(Images.with_prefix(f"{n}{'x' * 700}"), days=1)
                for n in range(50)
            ],
            "has 100 to 30720 characters",
            id="long text",
        ),
    ],
)
def test_rules_refused(rules: Sequence[LifecycleRule], message: str) -> None:
    """Rules that ECR refuses together are refused, with the reason."""
    with pytest.raises(InvalidValue, match=message):
        lifecycle_policy(rules)


def test_as_many_as_ecr_takes() -> None:
    """Fifty rules are written."""
    rules = [LifecycleRule.expire(Images.with_prefix(f"{n}-"), days=1) for n in range(50)]

    assert len(written(*rules)) == 50


def test_default(stack: TerraformStack) -> None:
    """A repository deletes untagged images after 14 days unless told otherwise."""
    EcrRepo(stack, "Image", name="web")

    made = synth(stack)
    block = made["Image/Lifecycle"]
    assert block.type == "aws_ecr_lifecycle_policy"
    assert block.arguments["repository"] == f"${{{made['Image/Resource'].address}.name}}"
    assert block.policy == {
        "rules": [
            {
                "rulePriority": 1,
                "selection": {
                    "tagStatus": "untagged",
                    "countType": "sinceImagePushed",
                    "countUnit": "days",
                    "countNumber": 14,
                },
                "action": EXPIRE,
            }
        ]
    }


def test_own_rules(stack: TerraformStack) -> None:
    """Rules of the user's own stand in place of the default, in one resource."""
    rules = [LifecycleRule.keep(Images.with_prefix("v"), count=5)]

    EcrRepo(stack, "Image", name="web", lifecycle=rules)

    made = synth(stack)
    assert made.paths("aws_ecr_lifecycle_policy") == ["Image/Lifecycle"]
    assert made["Image/Lifecycle"].arguments["policy"] == lifecycle_policy(rules)


def test_no_rules(stack: TerraformStack) -> None:
    """An empty list keeps everything."""
    EcrRepo(stack, "Image", name="web", lifecycle=())

    assert synth(stack).paths("aws_ecr_lifecycle_policy") == []


def test_bad_rules_of_a_repository(stack: TerraformStack) -> None:
    """Rules that ECR refuses together are refused together with what else is wrong."""
    rules = [LifecycleRule.keep(Images.any(), count=n) for n in (1, 2)]

    with pytest.raises(InvalidValue) as caught:
        EcrRepo(stack, "Image", name="Web", lifecycle=rules)

    assert len(caught.value.problems) == 2
    assert synth(stack).paths() == []


EXPIRING = [
    pytest.param(LifecycleRule.keep(Images.any(), count=9), id="any by number"),
    pytest.param(LifecycleRule.expire(Images.any(), days=9), id="any by age"),
    pytest.param(LifecycleRule.expire(TAGGED, days=9), id="tagged by age"),
    pytest.param(LifecycleRule.archive_unpulled(TAGGED, days=9), id="tagged archived"),
]


@pytest.mark.parametrize("rule", EXPIRING)
def test_deployed_images_expire(stack: TerraformStack, rule: LifecycleRule) -> None:
    """A rule that can take what is deployed is refused before anything is made."""
    with pytest.raises(AccessRefused, match="Repository 'web' is refused") as caught:
        EcrRepo(stack, "Image", name="web", lifecycle=[LifecycleRule.expire_untagged(), rule])

    assert [finding.rule for finding in caught.value.findings] == ["expires-tagged"]
    assert synth(stack).paths() == []


@pytest.mark.parametrize("rule", EXPIRING)
def test_deployed_images_expire_accepted(
    app: App, stack: TerraformStack, rule: LifecycleRule
) -> None:
    """It is made when that is accepted, and the audit prints it in the words of the refusal."""
    with pytest.raises(AccessRefused) as caught:
        EcrRepo(stack, "Refused", name="web", lifecycle=[rule])

    accept = {"expires-tagged": "a pilot"}
    EcrRepo(stack, "Image", name="web", lifecycle=[rule], accept=accept)

    app.synth()
    found = audit_estate(read_estate(Path(app.outdir)))
    assert [(p.finding, p.accepted) for p in found.accepted] == [
        (finding, "a pilot") for finding in caught.value.findings
    ]
    assert found.findings == ()
