"""What the comparison says about changes that people make."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import pytest
from access_pairs import ACCOUNT, PREFIX, PROVIDER, WHERE, Json, Reading, document

from deploy_access.access_diff.access import compare_access
from deploy_access.terraform.estate import Document, Estate, NamedPolicy, Repository, ResourcePolicy

if TYPE_CHECKING:
    from deploy_access.access_diff.model import AccessChange

REPOSITORY = f"arn:aws:ecr:eu-central-1:{ACCOUNT}:repository"
OTHER = "444455556666"
MAIN = "repo:acme/web:ref:refs/heads/main"


def allow(actions: str | list[str], resource: str | list[str] = "*", **more: object) -> Json:
    """Write a statement that allows something."""
    return {"Effect": "Allow", "Action": actions, "Resource": resource, **more}


def deny(actions: str | list[str], resource: str | list[str] = "*", **more: object) -> Json:
    """Write a statement that denies something."""
    return {**allow(actions, resource, **more), "Effect": "Deny"}


def trusting(*subjects: str, operator: str = "StringLike", **more: object) -> Json:
    """Write a trust policy for subjects of GitHub."""
    condition = {
        "StringEquals": {f"{PREFIX}:aud": "sts.amazonaws.com"},
        operator: {f"{PREFIX}:sub": list(subjects)},
    }
    if operator == "StringEquals":
        condition = {
            operator: {f"{PREFIX}:aud": "sts.amazonaws.com", f"{PREFIX}:sub": list(subjects)}
        }
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": PROVIDER},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
        **more,
    }
    return document(statement)


def permissions(base: list[Json], head: list[Json]) -> AccessChange | None:
    """Compare two lists of statements of a role."""
    return one(Reading(identity=(document(*base),)), Reading(identity=(document(*head),)))


def one(base: Reading, head: Reading) -> AccessChange | None:
    """Compare two readings of the one role."""
    changes = compare_access(base.estate(), head.estate())
    return changes[0] if changes else None


def shown(change: AccessChange | None, what: str = "gained") -> list[tuple[str, ...]]:
    """Show what was gained or lost, in short: action, resource, certain or not, why, before."""
    rows = getattr(change.permissions, what) if change else ()
    return [
        (row.action, row.resource, "certain" if row.certain else "uncertain", row.why, row.before)
        for row in rows
    ]


NOTHING_NEW = [
    pytest.param(
        [allow(["ecr:PutImage", "ecr:ListImages"], f"{REPOSITORY}/*")],
        [allow("ecr:PutImage", f"{REPOSITORY}/*"), allow("ecr:ListImages", f"{REPOSITORY}/*")],
        id="split",
    ),
    pytest.param(
        [allow("ecr:*"), allow("ecr:PutImage")], [allow("ecr:*")], id="covered-statement-gone"
    ),
    pytest.param(
        [allow("ecr:*", f"{REPOSITORY}/*"), allow("ecr:*", f"{REPOSITORY}/web*")],
        [allow("ecr:*", f"{REPOSITORY}/*"), allow("ecr:*", f"{REPOSITORY}/web")],
        id="narrowed-and-still-covered",
    ),
    pytest.param(
        [allow("ecr:PutImage", [f"{REPOSITORY}/a", f"{REPOSITORY}/a?*"])],
        [allow("ecr:PutImage", f"{REPOSITORY}/a*")],
        id="two-patterns-together",
    ),
    pytest.param([allow("ECR:putimage")], [allow("ecr:PutImage")], id="case-of-an-action"),
    pytest.param(
        [allow("ecr:*"), deny("ecr:*", f"{REPOSITORY}/web")],
        [{"Effect": "Allow", "Action": "ecr:*", "NotResource": f"{REPOSITORY}/web"}],
        id="deny-as-not-resource",
    ),
    pytest.param(
        [allow("s3:*", Condition={"Bool": {"aws:SecureTransport": "true"}})],
        [allow("s3:*", Condition={"Bool": {"AWS:securetransport": ["true"]}})],
        id="case-of-a-key",
    ),
    pytest.param(
        [
            allow("s3:*", Condition={"Null": {"aws:SourceIp": "true"}}),
            allow("s3:*", Condition={"Null": {"aws:SourceIp": "false"}}),
        ],
        [allow("s3:*")],
        id="two-conditions-leave-nothing",
    ),
    pytest.param(
        [allow("ecr:PutImage", ["${aws_ecr_repository.web.arn}", "*:x"])],
        [allow("ecr:PutImage", "${aws_ecr_repository.web.arn}"), allow("ecr:PutImage", "*:x")],
        id="the-same-reference",
    ),
]


@pytest.mark.parametrize(("base", "head"), NOTHING_NEW)
def test_the_same_said_differently_is_no_change(base: list[Json], head: list[Json]) -> None:
    """What is compared is the meaning."""
    assert permissions(base, head) is None
    assert permissions(head, base) is None


ABOUT_NEW = "it is about actions that AWS's list of 2026-09-26 does not have"
GAINS = [
    pytest.param(
        [allow("ecr:PutImage", f"{REPOSITORY}/web")],
        [allow("ecr:PutImage", f"{REPOSITORY}/*")],
        [("ecr:PutImage", f"{REPOSITORY}/*", "certain", "", f"only on {REPOSITORY}/web")],
        id="wider-resource",
    ),
    pytest.param(
        [
            allow(
                "iam:PassRole",
                Condition={"StringEquals": {"iam:PassedToService": "ecs.amazonaws.com"}},
            )
        ],
        [allow("iam:PassRole")],
        [("iam:PassRole", "*", "certain", "", "only if iam:PassedToService is ecs.amazonaws.com")],
        id="condition-dropped",
    ),
    pytest.param(
        [allow("ecr:*"), deny("ecr:Put*")],
        [allow("ecr:*"), deny("ecr:PutImage")],
        [("ecr:*", "*", "certain", "a Deny was lifted", "")],
        id="deny-narrowed",
    ),
    pytest.param(
        [{"Effect": "Allow", "NotAction": ["iam:*", "ecr:PutImage"], "Resource": "*"}],
        [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}],
        [("all but iam:*", "*", "certain", "", "")],
        id="not-action-shorter",
    ),
    pytest.param(
        [allow(["ecr:*"])],
        [allow(["ecr:*", "new-service:Do*"])],
        [
            ("new-service:Do*", "*", "certain", ABOUT_NEW, ""),
        ],
        id="service-that-is-not-listed",
    ),
    pytest.param(
        [allow("*"), deny("new-service:*")],
        [allow("*")],
        [("*", "*", "certain", f"a Deny was lifted; {ABOUT_NEW}", "")],
        id="deny-on-a-service-that-is-not-listed",
    ),
    pytest.param(
        [allow("*"), deny("s3:Dream*")],
        [allow("*"), deny("s3:DreamOn*")],
        [("*", "*", "certain", f"a Deny was lifted; {ABOUT_NEW}", "")],
        id="deny-on-actions-that-are-not-listed",
    ),
    pytest.param(
        [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, deny("new-service:*")],
        [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}],
        [("all but iam:*", "*", "certain", f"a Deny was lifted; {ABOUT_NEW}", "")],
        id="not-action-and-a-service-that-is-not-listed",
    ),
]


@pytest.mark.parametrize(("base", "head", "expected"), GAINS)
def test_what_is_new_is_one_row(
    base: list[Json], head: list[Json], expected: list[tuple[str, ...]]
) -> None:
    """A row says what is new, whether that is certain, why it is so, and what there was."""
    assert shown(permissions(base, head)) == expected
    assert shown(permissions(base, head), "lost") == []


def test_what_terraform_fills_in_may_be_what_is_written_now() -> None:
    """Nobody can tell whether that is a change, so it counts as both, and says so."""
    reference = "${aws_ecr_repository.web.arn}"
    change = permissions(
        [allow("ecr:PutImage", reference)], [allow("ecr:PutImage", f"{REPOSITORY}/web")]
    )
    why = f"it depends on what {reference} stands for"

    assert shown(change) == [
        ("ecr:PutImage", f"{REPOSITORY}/web", "uncertain", why, f"only on {reference}")
    ]
    assert shown(change, "lost") == [
        ("ecr:PutImage", reference, "uncertain", why, f"only on {REPOSITORY}/web")
    ]


def test_only_the_actions_that_are_new_are_named() -> None:
    """Of a wildcard, those are left out that were allowed before."""
    change = permissions([allow("ecr:Put*")], [allow("ecr:PutI*"), allow("ecr:Start*")])

    assert change is not None
    assert [(row.action, dict(row.actions)) for row in change.permissions.gained] == [
        ("ecr:Start*", {"write": ("ecr:StartImageScan", "ecr:StartLifecyclePolicyPreview")})
    ]
    assert [row.action for row in change.permissions.kept] == ["ecr:PutI*"]
    lost = change.permissions.lost[0]
    assert lost.actions["permissions management"] == ("ecr:PutRegistryPolicy",)


def test_a_boundary_that_is_removed_widens_what_it_bounded() -> None:
    """The row is that of the policy, and says that the boundary is why."""
    identity = (document(allow("ecr:*")),)
    base = Reading(identity=identity, boundary=document(allow("ecr:Get*")))
    change = one(base, Reading(identity=identity))

    assert shown(change) == [("ecr:*", "*", "certain", "the boundary was removed", "")]


def test_a_variable_beside_other_resources_is_as_one_by_itself() -> None:
    """A boundary that is split into statements leaves what it left before, variables too."""
    identity = (document(allow("ecr:*")),)
    resources = [f"{REPOSITORY}/${{aws:PrincipalTag/team}}", f"{REPOSITORY}/web"]
    base = Reading(identity=identity, boundary=document(allow("ecr:*", resources)))
    parts = [allow("ecr:*", resource) for resource in resources]
    head = Reading(identity=identity, boundary=document(*parts))

    assert one(base, head) is None
    assert one(head, base) is None


def test_a_policy_that_nobody_can_read_counts_as_grown() -> None:
    """An attached policy of which only the ARN is known may allow anything."""
    base, head = (
        Reading(identity=(document(allow("ecr:*")),)).estate(),
        attached("arn:aws:iam::aws:policy/X"),
    )
    (change,) = compare_access(base, head)
    (row,) = change.permissions.gained

    assert row.action == "all that arn:aws:iam::aws:policy/X allows"
    assert (row.certain, row.why) == (False, "nobody can tell what is in arn:aws:iam::aws:policy/X")
    assert change.permissions.lost == ()
    assert compare_access(head, head) == ()


def test_a_policy_of_somebody_that_is_gone_may_have_denied() -> None:
    """Without it, what it may have denied is allowed; AWS's own policies deny nothing."""
    policy = f"arn:aws:iam::{ACCOUNT}:policy/x"
    head = Reading(identity=(document(allow("ecr:PutImage")),)).estate()

    assert [row.why for row in compare_access(attached(policy), head)[0].permissions.gained] == [
        f"a Deny may have been lifted; nobody can tell what is in {policy}"
    ]
    of_aws = compare_access(attached("arn:aws:iam::aws:policy/X"), head)[0]
    assert of_aws.permissions.gained == ()


def attached(arn: str) -> Estate:
    """Read a role that may do something and has a policy of which only the ARN is known."""
    estate = Reading(
        identity=(document(allow("ecr:PutImage" if ACCOUNT in arn else "ecr:*")),)
    ).estate()
    policy = NamedPolicy(name="x", kind="attached-arn", document=None, where=WHERE, arn=arn)
    role = estate.roles[0]
    return Estate(roles=(replace(role, policies=(*role.policies, policy)),))


SUBJECTS = [
    pytest.param([MAIN], ["repo:acme/web:*"], ["repo:acme/web:*"], id="pattern-over-it"),
    pytest.param(["repo:acme/web:*"], [MAIN], [], id="narrower"),
    pytest.param(
        ["repo:acme/*"], ["repo:acme/web:*", "repo:evil/x:*"], ["repo:evil/x:*"], id="one"
    ),
    pytest.param([MAIN], [MAIN, "${var.subject}"], ["${var.subject}"], id="reference"),
]


@pytest.mark.parametrize(("base", "head", "expected"), SUBJECTS)
def test_subjects_are_compared_as_patterns(
    base: list[str], head: list[str], expected: list[str]
) -> None:
    """Who is let in newly is named by the subject that is written in the head."""
    change = one(Reading(trust=trusting(*base)), Reading(trust=trusting(*head)))
    gained = change.trust.gained if change else ()

    assert [row.subject for row in gained] == expected
    assert [row.certain for row in gained] == ["${" not in text for text in expected]


def test_a_condition_that_is_dropped_lets_more_in() -> None:
    """The witness is a subject that only the head lets in, where it is the subject."""
    loose = document(
        {
            "Effect": "Allow",
            "Principal": {"Federated": PROVIDER},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringLike": {f"{PREFIX}:sub": [MAIN]}},
        }
    )
    change = one(Reading(trust=trusting(MAIN)), Reading(trust=loose))

    assert change is not None
    assert [(row.subject, row.conditions, row.certain) for row in change.trust.gained] == [
        (MAIN, (), True)
    ]


PRINCIPALS = [
    pytest.param(
        f"arn:aws:iam::{OTHER}:root",
        f"arn:aws:iam::{OTHER}:role/x",
        [],
        id="within-another-account",
    ),
    pytest.param(OTHER, f"arn:aws:iam::{OTHER}:root", [], id="account-as-arn"),
    pytest.param(
        f"arn:aws:iam::{ACCOUNT}:root",
        f"arn:aws:iam::{ACCOUNT}:role/x",
        [(f"arn:aws:iam::{ACCOUNT}:role/x", True)],
        id="named-in-the-own-account",
    ),
    pytest.param(OTHER, "*", [("*", True)], id="everybody"),
    pytest.param("*", OTHER, [], id="no-longer-everybody"),
    pytest.param(
        OTHER, "${aws_iam_role.x.arn}", [("${aws_iam_role.x.arn}", False)], id="reference"
    ),
]


@pytest.mark.parametrize(("base", "head", "expected"), PRINCIPALS)
def test_principals_are_compared_by_whom_they_name(
    base: str, head: str, expected: list[tuple[str, bool]]
) -> None:
    """An account names its roles; within the role's own account a role by name is more."""
    change = one(
        *(
            Reading(
                trust=document(
                    {"Effect": "Allow", "Principal": {"AWS": who}, "Action": "sts:AssumeRole"}
                )
            )
            for who in (base, head)
        )
    )
    gained = change.trust.gained if change else ()

    assert [(row.principal, row.certain) for row in gained] == expected


def test_a_role_that_was_made_elsewhere_was_trusting_nobody_knows_whom() -> None:
    """Its trust policy is new in the files, and nobody can tell whether it is new."""
    head = Reading(trust=trusting(MAIN)).estate()
    base = Estate(roles=(replace(head.roles[0], trust=None, path=None),))
    (change,) = compare_access(base, head)

    assert [(row.subject, row.certain) for row in change.trust.gained] == [(MAIN, False)]


def test_a_longer_session_is_a_change() -> None:
    """Seconds before and after."""
    base = Reading().estate()
    head = Estate(roles=(replace(base.roles[0], max_session_duration=7200),))
    base = Estate(roles=(replace(base.roles[0], max_session_duration=3600),))
    (change,) = compare_access(base, head)

    assert change.session == (3600, 7200)
    assert change.is_widened


def repository(*statements: Json) -> Estate:
    """Read a repository, with a policy if there are statements."""
    made = Repository(account=ACCOUNT, region="eu-central-1", name="web", arn=None, where=WHERE)
    policy = ResourcePolicy(
        type="aws_ecr_repository_policy",
        resource="web",
        account=ACCOUNT,
        region="eu-central-1",
        document=Document(content=document(*statements), where=WHERE),
        where=WHERE,
    )
    return Estate(repositories=(made,), resource_policies=(policy,) if statements else ())


def pulling(*accounts: str) -> Json:
    """Let accounts pull."""
    return {"Effect": "Allow", "Principal": {"AWS": list(accounts)}, "Action": "ecr:BatchGetImage"}


def test_an_account_more_in_a_repository_policy_is_a_gain() -> None:
    """The row names whom the policy lets in, and the repository was there before."""
    (change,) = compare_access(
        repository(pulling(OTHER)), repository(pulling(OTHER, "777788889999"))
    )

    assert (change.party.kind, change.party.name, change.presence) == ("repository", "web", "kept")
    assert [(row.principal, row.action, row.certain) for row in change.permissions.gained] == [
        ("777788889999", "ecr:BatchGetImage", True)
    ]
    assert [row.principal for row in change.permissions.kept] == [OTHER]
    assert change.permissions.lost == ()


def test_a_first_policy_of_a_repository_is_no_new_repository() -> None:
    """What is new is the access, and it is lost when the policy is gone."""
    (made,) = compare_access(repository(), repository(pulling(OTHER)))
    (gone,) = compare_access(repository(pulling(OTHER)), repository())

    assert made.presence == gone.presence == "kept"
    assert [row.principal for row in made.permissions.gained] == [OTHER]
    assert [row.principal for row in gone.permissions.lost] == [OTHER]


def test_a_lifted_deny_for_one_of_all_is_a_gain() -> None:
    """Everybody was let in but one; now that one is, too."""
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}
    but_one = {"Effect": "Deny", "Principal": {"AWS": OTHER}, "Action": "ecr:*"}
    (change,) = compare_access(repository(everybody, but_one), repository(everybody))

    assert [(row.principal, row.why) for row in change.permissions.gained] == [
        (OTHER, "a Deny was lifted")
    ]


INERT: dict[str, tuple[list[str], str, list[str]]] = {
    "other-service": (["ecs:UpdateService"], "arn:aws:s3:::data", []),
    "other-type": (["s3:GetObject"], "arn:aws:s3:::data", []),
    "whole-service": (["ecs:*"], "arn:aws:s3:::data", []),
    "one-of-two": (["ecs:UpdateService", "s3:ListBucket"], "arn:aws:s3:::data", ["s3:ListBucket"]),
    "not-listed": (["ecs:OfNextYear"], "arn:aws:s3:::data", ["ecs:OfNextYear"]),
    "everywhere": (["ecs:UpdateService"], "*", ["ecs:UpdateService"]),
}


@pytest.mark.parametrize(("actions", "resource", "gained"), INERT.values(), ids=INERT)
def test_an_action_on_a_resource_that_it_does_not_take_is_no_gain(
    actions: list[str], resource: str, gained: list[str]
) -> None:
    """AWS's list says on which types of resources an action may be; on others it allows nothing."""
    before, after = (
        Reading(identity=(document(*one),)) for one in ([], [allow(actions, resource)])
    )
    found = compare_access(before.estate(), after.estate())

    assert [grant.action for change in found for grant in change.permissions.gained] == gained


NEW, LISTS = allow("ecr:NewThing", f"{REPOSITORY}/web"), allow("s3:ListAllMyBuckets")


@pytest.mark.parametrize("denied", ["ecr:*", "ecr:New*", "ECR:*Thing", "ecr:NewThin?"])
def test_a_wildcard_denies_an_action_that_is_not_listed(denied: str) -> None:
    """A Deny with a wildcard keeps back an action that AWS's list does not have yet."""
    lifted = permissions([NEW, LISTS, deny(denied)], [NEW, LISTS])

    assert lifted is not None
    (gained,) = lifted.permissions.gained
    assert (gained.action, gained.certain, gained.why) == (
        "ecr:NewThing",
        True,
        "a Deny was lifted",
    )
    assert permissions([LISTS], [LISTS, NEW, deny(denied)]) is None


def test_policies_that_are_too_entangled_are_not_decided() -> None:
    """A hostile policy takes no more than its share of work, and then it counts as grown."""
    base, head = ([_entangled(number + start) for number in range(30)] for start in (0, 7))
    change = permissions(base, head)

    assert change is not None
    assert {row.certain for row in change.permissions.gained} == {False}


def _entangled(number: int) -> Json:
    random = Random(number)  # noqa: S311 - the same every time
    name = "".join(random.choice("ab*?*") for _ in range(40))
    keys = {f"aws:PrincipalTag/{random.choice('abc')}": f"*{random.choice('ab')}*{number % 3}*"}
    return allow("s3:*", f"arn:aws:s3:::{name}{number}*", Condition={"StringLike": keys})
