"""
What every Terraform and CDKTF has by itself, whatever providers a stack requires.
"""

# What CDKTF writes for tools, wherever a block may be.
COMMENT = "//"
BUILT_IN_SOURCE = "terraform.io/builtin/terraform"
BUILT_IN_TYPES = {"terraform_data", "terraform_remote_state"}
