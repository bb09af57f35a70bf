variable "unknown" {}

resource "aws_security_group" "web" {
  ingress {
    protocol    = "tcp"
    from_port   = 90 # expect-note: port-range-backwards "tcp ports 90 to 80 end before they begin"
    to_port     = 80
    cidr_blocks = ["10.0.0.0/8"]
  }
  ingress {
    protocol    = "udp"
    from_port   = -1 # expect-note: port-bound-missing "-1 is no port of udp, so AWS refuses it"
    to_port     = -1
    cidr_blocks = ["10.0.0.0/8"]
  }
  ingress {
    protocol    = "6"
    from_port   = 0
    to_port     = 65536 # expect-note: port-out-of-range "tcp port 65536 does not exist"
    cidr_blocks = ["10.0.0.0/8"]
  }
  ingress {
    protocol    = "icmp"
    from_port   = -1
    to_port     = 4 # expect-note: icmp-code-without-type "icmp code 4 of every type (-1) is refused by AWS"
    cidr_blocks = ["10.0.0.0/8"]
  }
  # These are read as they are written.
  ingress {
    protocol    = "icmp"
    from_port   = -1
    to_port     = -1
    cidr_blocks = ["10.0.0.0/8"]
  }
  ingress {
    protocol    = "icmp"
    from_port   = 3
    to_port     = -1
    cidr_blocks = ["10.0.0.0/8"]
  }
  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.0.0.0/8"]
  }
  ingress {
    protocol    = "tcp"
    from_port   = var.unknown
    to_port     = 80
    cidr_blocks = ["10.0.0.0/8"]
  }
  egress {
    protocol    = "tcp"
    from_port   = 0
    to_port     = 65535
    cidr_blocks = ["10.0.0.0/8"]
  }
}

resource "aws_vpc_security_group_egress_rule" "first" {
  security_group_id = "sg-1"
  cidr_ipv4         = "10.0.0.0/8"
  ip_protocol       = "tcp"
  to_port           = 443 # expect-note: port-bound-missing "tcp without a first port is refused by AWS"
}

resource "aws_vpc_security_group_egress_rule" "none" {
  security_group_id = "sg-1"
  cidr_ipv4         = "10.0.0.0/8"
  ip_protocol       = "tcp" # expect-note: port-bound-missing "all ports are 0 to 65535"
}

resource "aws_vpc_security_group_egress_rule" "all" {
  security_group_id = "sg-1"
  cidr_ipv4         = "10.0.0.0/8"
  ip_protocol       = "-1"
}

resource "aws_vpc_security_group_egress_rule" "absent" {
  for_each          = toset([])
  security_group_id = "sg-1"
  cidr_ipv4         = "10.0.0.0/8"
  ip_protocol       = "tcp"
}
