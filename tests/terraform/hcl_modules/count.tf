resource "aws_iam_role" "some" {
  count = var.is_on ? 2 : 0
  name  = format("web-%02d", count.index)
}
output "names" {
  value = aws_iam_role.some[*].name
}
