variable "unknown" {}

resource "aws_security_group" "web" {
  ingress {
    protocol         = "tcp"
    from_port        = 443
    to_port          = 443
    cidr_blocks      = ["10.0.0.0/8"]
    ipv6_cidr_blocks = ["2001:db8::/32", "0.0.0.0/0"] # expect-note: range-of-other-family "is a range of IPv4 where one of IPv6 belongs, so AWS refuses it"
  }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.0.0/8"] # expect-note: unreadable-range "is no address range, so AWS refuses it"
  }
}

resource "aws_vpc_security_group_ingress_rule" "office" {
  security_group_id = "sg-1"
  cidr_ipv4         = "::/0" # expect-note: range-of-other-family "where one of IPv4 belongs"
  ip_protocol       = "-1"
}

resource "aws_ec2_managed_prefix_list" "offices" {
  name           = "offices"
  address_family = "IPv4"
  max_entries    = 2
  entry {
    cidr = "office" # expect-note: unreadable-range
  }
  entry {
    cidr = "198.51.100.0/24"
  }
}

resource "aws_network_acl_rule" "in" {
  network_acl_id  = "acl-1"
  rule_number     = 100
  protocol        = "-1"
  rule_action     = "allow"
  ipv6_cidr_block = "0.0.0.0/0" # expect-note: range-of-other-family
}

resource "aws_route" "out" {
  route_table_id         = "rtb-1"
  destination_cidr_block = "::/0" # expect-note: range-of-other-family
  gateway_id             = "igw-1"
}

resource "aws_route" "office" {
  route_table_id         = "rtb-1"
  destination_cidr_block = "198.51.100.9/24" # expect-note: host-bits-in-cidr "as 198.51.100.0/24"
  transit_gateway_id     = "tgw-1"
}

# What is absent, only possible, unknown or empty makes no note.

resource "aws_vpc_security_group_ingress_rule" "absent" {
  count             = 0
  security_group_id = "sg-1"
  cidr_ipv4         = "::/0"
  ip_protocol       = "-1"
}

resource "aws_vpc_security_group_ingress_rule" "possible" {
  count             = var.unknown ? 1 : 0
  security_group_id = "sg-1"
  cidr_ipv4         = "::/0"
  ip_protocol       = "-1"
}

resource "aws_vpc_security_group_ingress_rule" "unknown" {
  security_group_id = "sg-1"
  cidr_ipv4         = var.unknown
  ip_protocol       = "-1"
}

resource "aws_network_acl_rule" "empty" {
  network_acl_id  = "acl-1"
  rule_number     = 110
  protocol        = "-1"
  rule_action     = "allow"
  cidr_block      = "10.0.0.0/8"
  ipv6_cidr_block = ""
}
