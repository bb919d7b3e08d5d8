resource "aws_iam_role" "web" {
  inline_policy {
    name = "a"
  }
  inline_policy {
    name = "b"
  }
  lifecycle {
    prevent_destroy = true
  }
}
resource "aws_iam_role" "api" {}
