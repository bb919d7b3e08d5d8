"""Templates of CloudFormation, of the CDK and of SAM, as the Terraform that says the same."""
