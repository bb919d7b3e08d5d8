variable "a" { default = "b" }
output "c" { value = var.a }
locals { d = [1, 2, 3] }
resource "aws_iam_group" "e" { name = "f" }
