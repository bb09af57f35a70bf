provider "aws" {
  region = "eu-west-1"
}

resource "aws_security_group" "stay" {
  name   = "stay"
  vpc_id = "vpc-0123456789abcdef0"
}

moved {
  from = aws_security_group.former
  to   = aws_security_group.stay
}

removed {
  from = aws_security_group.forgotten

  lifecycle {
    destroy = false
  }
}

resource "aws_security_group_rule" "ssh" {
  type              = "ingress"
  security_group_id = aws_security_group.stay.id
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_blocks       = ["0.0.0.0/0"]
}

resource "aws_security_group_rule" "https" {
  type              = "ingress"
  security_group_id = aws_security_group.stay.id
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = ["0.0.0.0/0"]
}

resource "aws_security_group" "update" {
  name   = "update"
  vpc_id = "vpc-0123456789abcdef0"

  ingress {
    protocol    = "tcp"
    from_port   = 3389
    to_port     = 3389
    cidr_blocks = ["0.0.0.0/0"]
  }

  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_ebs_volume" "replaced" {
  availability_zone = "eu-west-1a"
  size              = 8
  encrypted         = true
}

resource "aws_instance" "running" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  vpc_security_group_ids = [aws_security_group.stay.id]
}
