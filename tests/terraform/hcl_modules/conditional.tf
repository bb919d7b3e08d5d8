resource "aws_iam_role" "web" {
  name                 = var.name != "" ? var.name : "web"
  permissions_boundary = try(var.boundary.arn, null)
  description          = "a ${var.is_on ? "b" : "c"} d"
}
