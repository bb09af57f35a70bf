variable "cidrs" {
  type = map(string)
}

provider "aws" {
  region = "eu-west-1"
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

module "hosts" {
  source   = "./hosts"
  for_each = var.cidrs

  name   = each.key
  cidr   = each.value
  vpc_id = aws_vpc.main.id
}

resource "aws_vpc_security_group_ingress_rule" "admin" {
  security_group_id = module.hosts["outside"].group_id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 3389
  to_port           = 3389
}
