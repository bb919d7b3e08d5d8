"""The data source `aws_iam_policy_document`, as the AWS provider documents it."""

from __future__ import annotations

from reading_files import content_of, trust_of

from deploy_access.json_shape import as_object, objects


def merged(**documents: object) -> object:
    """Read the document `x` of several."""
    _, trust = trust_of(
        "${data.aws_iam_policy_document.x.json}", data={"aws_iam_policy_document": documents}
    )
    return content_of(trust)


def test_every_argument() -> None:
    """Each argument becomes the element of a policy, and `&{` a variable of IAM."""
    statement = {
        "sid": "All",
        "effect": "Deny",
        "not_actions": ["s3:Get*", "s3:List*"],
        "not_resources": ["arn:aws:s3:::b/&{aws:username}"],
        "principals": [
            {"type": "AWS", "identifiers": ["a", "b"]},
            {"type": "Federated", "identifiers": ["c"]},
        ],
        "condition": [
            {"test": "StringLike", "variable": "k", "values": ["&{aws:x}", "2"]},
            {"test": "StringLike", "variable": "l", "values": ["3"]},
        ],
    }
    anyone = {
        "actions": ["a:b"],
        "resources": ["*"],
        "not_principals": {"type": "*", "identifiers": ["*"]},
    }

    assert merged(x={"policy_id": "i", "statement": [statement, anyone]}) == {
        "Version": "2012-10-17",
        "Id": "i",
        "Statement": [
            {
                "Sid": "All",
                "Effect": "Deny",
                "Principal": {"AWS": ["a", "b"], "Federated": "c"},
                "NotAction": ["s3:Get*", "s3:List*"],
                "NotResource": "arn:aws:s3:::b/${aws:username}",
                "Condition": {"StringLike": {"k": ["${aws:x}", "2"], "l": "3"}},
            },
            {"Effect": "Allow", "NotPrincipal": "*", "Action": "a:b", "Resource": "*"},
        ],
    }


def test_sources_and_overrides() -> None:
    """Own statements replace those of sources by their `sid`, and overrides replace both."""

    def statement(action: str, sid: str | None = None) -> dict[str, object]:
        return {"sid": sid, "actions": [action], "resources": ["*"]}

    found = merged(
        base={"statement": [statement("base:A", "A"), statement("base:B", "B")]},
        over={"statement": [statement("over:B", "B"), statement("over:New")]},
        x={
            "source_policy_documents": ["${data.aws_iam_policy_document.base.json}"],
            "override_policy_documents": [
                "${data.aws_iam_policy_document.over.json}",
                '{"Statement":{"Sid":"C","Action":"text:C"}}',
            ],
            "statement": [statement("own:A", "A"), statement("own:C", "C"), statement("own:None")],
        },
    )

    statements = list(objects(as_object(found).get("Statement")))
    assert [(s.get("Sid"), s["Action"]) for s in statements] == [
        ("A", "own:A"),
        ("B", "over:B"),
        ("C", "text:C"),
        (None, "own:None"),
        (None, "over:New"),
    ]


def test_a_source_that_is_not_known_is_named() -> None:
    """What is merged from elsewhere is a problem, and the rest is read."""
    x = {"source_policy_documents": ["${module.y.json}"], "statement": {"actions": ["a:b"]}}
    estate, trust = trust_of(
        "${data.aws_iam_policy_document.x.json}", data={"aws_iam_policy_document": {"x": x}}
    )

    assert content_of(trust) == {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "a:b"}],
    }
    assert [(str(p.where), p.given) for p in estate.problems] == [
        (
            "web.tf.json: data.aws_iam_policy_document.x.source_policy_documents",
            "${module.y.json}",
        )
    ]


def test_dynamic_blocks_are_read_once_and_named() -> None:
    """Nobody knows how many statements there are, so one stands for them."""
    dynamic = {
        "statement": {
            "for_each": "${var.buckets}",
            "content": {"actions": ["s3:Get*"], "resources": ["${statement.value}"]},
        }
    }
    estate, trust = trust_of(
        "${data.aws_iam_policy_document.x.json}",
        data={"aws_iam_policy_document": {"x": {"dynamic": dynamic}}},
    )

    assert trust.unresolved == ("statement.value",)
    assert [(p.kind, p.given) for p in estate.problems] == [
        ("multiplicity", "${var.buckets}"),
        ("unresolved", "statement.value"),
    ]


def test_sources_that_go_round_in_a_circle_end() -> None:
    """Two documents that are made of each other are one that is not known."""
    x, y = (
        {"source_policy_documents": [f"${{data.aws_iam_policy_document.{name}.json}}"]}
        for name in "yx"
    )
    estate, _ = trust_of(
        "${data.aws_iam_policy_document.x.json}", data={"aws_iam_policy_document": {"x": x, "y": y}}
    )

    assert [problem.kind for problem in estate.problems] == ["unresolved"]
