data "aws_iam_policy_document" "all" {
  source_policy_documents   = [data.aws_iam_policy_document.a.json, data.aws_iam_policy_document.b.json]
  override_policy_documents = concat(var.more, [])
  statement {
    sid       = "Push"
    resources = ["*"]
  }
  statement {
    sid     = "Pull"
    effect  = "Deny"
    not_actions = ["s3:*"]
  }
}
