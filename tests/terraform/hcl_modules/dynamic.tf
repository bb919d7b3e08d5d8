data "aws_iam_policy_document" "trust" {
  dynamic "statement" {
    for_each = var.subjects
    content {
      actions = ["sts:AssumeRoleWithWebIdentity"]
      dynamic "condition" {
        for_each = statement.value
        content {
          test     = "StringLike"
          variable = condition.key
          values   = [condition.value]
        }
      }
    }
  }
}
