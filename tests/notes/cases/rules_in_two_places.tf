variable "unknown" {}

resource "aws_security_group" "both" {
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["10.0.0.0/8"]
  }
}

resource "aws_security_group_rule" "removed" {
  type              = "ingress"
  security_group_id = aws_security_group.both.id # expect-note: rules-in-two-places "aws_security_group.both lists its ingress rules inline, so Terraform removes this one again"
  protocol          = "tcp"
  from_port         = 80
  to_port           = 80
  cidr_blocks       = ["10.0.0.0/8"]
}

resource "aws_vpc_security_group_ingress_rule" "removed" {
  security_group_id = aws_security_group.both.id # expect-note: rules-in-two-places
  ip_protocol       = "tcp"
  from_port         = 81
  to_port           = 81
  cidr_ipv4         = "10.0.0.0/8"
}

# The group says nothing of egress; the other lists nothing; what may be absent is no news.

resource "aws_vpc_security_group_egress_rule" "other_direction" {
  security_group_id = aws_security_group.both.id
  ip_protocol       = "-1"
  cidr_ipv4         = "10.0.0.0/8"
}

resource "aws_security_group" "separate" {}

resource "aws_vpc_security_group_ingress_rule" "separate" {
  security_group_id = aws_security_group.separate.id
  ip_protocol       = "-1"
  cidr_ipv4         = "10.0.0.0/8"
}

resource "aws_vpc_security_group_ingress_rule" "possible" {
  count             = var.unknown ? 1 : 0
  security_group_id = aws_security_group.both.id
  ip_protocol       = "-1"
  cidr_ipv4         = "10.0.0.0/8"
}

resource "aws_vpc_security_group_ingress_rule" "elsewhere" {
  security_group_id = var.unknown
  ip_protocol       = "-1"
  cidr_ipv4         = "10.0.0.0/8"
}
