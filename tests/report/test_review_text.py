"""The review for a terminal: everything, in the order of the comment."""

from __future__ import annotations

import pytest
from hypothesis import given
from review_hostile import REVIEWS
from review_values import EVERYTHING

from deploy_access.report.review_text import render_review_text
from deploy_access.report.review_verdict import verdict
from deploy_access.review.model import Review

TITLES = {
    "Wider access",
    "Would be destroyed",
    "Read these",
    "New findings",
    "Newly accepted",
    "Narrower access",
    "Other resources",
    "Fixed findings",
    "Not read, or not wholly",
}
ACCOUNT = "444455556666"
WEB = f"arn:aws:ecr:eu-central-1:{ACCOUNT}:repository/web"
SUBJECT = "repo:acme@123456/web@456789"
AUD = "if aud is sts.amazonaws.com"
WHOLE = f"""\
{verdict(EVERYTHING)}

Wider access
  Role web-prod-deploy (account {ACCOUNT}, stack web-prod)
    + may be assumed by {SUBJECT}:* {AUD}, for example {SUBJECT}:pull_request
    + perhaps may use ecr:* (2 actions: 1 permissions management, 1 read) on *, for example \
ecr:SetRepositoryPolicy on {WEB}: the boundary was widened
    + may use ecr:PutImage, ecr:UploadLayerPart (write), ecr:BatchGetImage (read) on {WEB}
    + a session may last 4 hours, before 1 hour
    - may use ecr:ListImages (list) on {WEB} if aws:RequestedRegion is eu-central-1
  Repository web (account {ACCOUNT}, region eu-central-1, stack web-images)
    + arn:aws:iam::999999999999:root may use ecr:BatchGetImage (read)
  New role web-qa-deploy (account {ACCOUNT}, stack web-qa)
    + may be assumed by {SUBJECT}:environment:qa {AUD}
    + may use ecr:PutImage (write) on {WEB}

Would be destroyed
  Repository with images web (stack web-images, aws_ecr_repository.Image_9D742C96) would be \
destroyed and made anew
      A repository cannot be renamed: `name` changed from "web" to "shop".

New findings
  Error repo-wide of role web-prod-deploy ({ACCOUNT}): {SUBJECT}:*
      Every branch, every pull request and every environment of the repository matches. \
Trust what deploys: `.environment("prod")`, `.branch("main")` or a tag.

Newly accepted
  Error repo-wide of role web-prod-deploy ({ACCOUNT}): {SUBJECT}:*
      Every branch, every pull request and every environment of the repository matches.
      Reason: pilot until 2027-01, see #42 and ask @acme/platform

Narrower access
  Removed role web-old-deploy (account {ACCOUNT}, stack web-old)
    - may be assumed by {SUBJECT}:environment:old {AUD}

Other resources
  1 stack added: web-qa
  1 stack removed: web-old
  Stack web-prod
    ~ aws_iam_role web-prod-deploy would be updated: max_session_duration from 3600 to 14400, \
description is set to "for web", assume_role_policy changes

Fixed findings
  Error repo-wide of role web-prod-deploy ({ACCOUNT}): {SUBJECT}:*

Not read, or not wholly
  In web-prod: aws_iam_role.Deploy_7B206E61: A part of the policy is not known. Got ${{var.x}}.
"""


def test_everything() -> None:
    """Each part stands under its title, each change on its line with a mark."""
    assert render_review_text(EVERYTHING) == WHOLE


def test_nothing() -> None:
    """Without a change it is one line."""
    assert render_review_text(Review()) == "No change in access, and nothing would be destroyed.\n"


@pytest.mark.slow
@given(REVIEWS)
def test_nothing_is_forged(review: Review) -> None:
    """No value begins a line, moves the cursor, or stands where a title does."""
    first, *lines = render_review_text(review).split("\n")

    assert first == verdict(review)
    assert {line for line in lines if line and not line.startswith("  ")} <= TITLES
    assert all(char.isprintable() for line in lines for char in line)
