resource "aws_iam_role" "each" {
  for_each = toset(["dev", "prod"])
  name     = "web-${each.key}"
  tags     = { Stage = each.value }
}
