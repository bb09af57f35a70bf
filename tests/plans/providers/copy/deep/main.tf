resource "aws_ebs_volume" "this" {
  availability_zone = "us-west-2a"
  size              = 20
}
