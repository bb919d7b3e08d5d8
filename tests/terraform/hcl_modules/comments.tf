# before " { everything
/* a block
   comment } */
resource "aws_iam_role" "web" { // behind
  name = "web" # "a quote
  // between
  tags = { # in an object
    A = "1" // }
    /* B = "2" */
    C = "3"
  }
}
