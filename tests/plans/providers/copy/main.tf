terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.replica]
    }
  }
}

resource "aws_ebs_volume" "here" {
  availability_zone = "us-east-1a"
  size              = 20
}

resource "aws_ebs_volume" "there" {
  provider          = aws.replica
  availability_zone = "us-west-2a"
  size              = 20
}

module "deep" {
  source = "./deep"

  providers = {
    aws = aws.replica
  }
}
