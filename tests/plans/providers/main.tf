provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_ebs_encryption_by_default" "west" {
  provider = aws.west
  enabled  = true
}

resource "aws_ebs_volume" "east" {
  availability_zone = "us-east-1a"
  size              = 20
}

resource "aws_ebs_volume" "west" {
  provider          = aws.west
  availability_zone = "us-west-2a"
  size              = 20
}

module "copy" {
  source = "./copy"

  providers = {
    aws         = aws
    aws.replica = aws.west
  }
}
