resource "aws_iam_role" "web" {
  name               = var.name
  assume_role_policy = templatefile("${path.module}/trust.json.tpl", { repository = var.repository })
}
