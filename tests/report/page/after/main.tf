locals {
  oidc = "token.actions.githubusercontent.com"
  refs = ["refs/heads/main", "refs/tags/v*"]
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::111122223333:oidc-provider/${local.oidc}"]
    }
    condition {
      test     = "StringEquals"
      variable = "${local.oidc}:aud"
      values   = ["sts.amazonaws.com"]
    }
    condition {
      test     = "StringLike"
      variable = "${local.oidc}:sub"
      values   = [for ref in local.refs : "repo:acme@123456/web@456789:ref:${ref}"]
    }
  }
}

resource "aws_iam_role" "deploy" {
  name               = "web-deploy"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
