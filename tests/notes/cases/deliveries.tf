variable "unknown" {}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}

resource "aws_subnet" "public" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.0.0/24"
}

resource "aws_route_table_association" "public" {
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.public.id
}

resource "aws_subnet" "without_route" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_subnet" "silent" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.2.0/24"
}

resource "aws_route_table_association" "silent" {
  subnet_id      = aws_subnet.silent.id
  route_table_id = aws_route_table.public.id
}

resource "aws_network_acl" "silent" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = [aws_subnet.silent.id]
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
}

resource "aws_security_group" "syslog" {
  vpc_id = aws_vpc.main.id
  ingress {
    protocol    = "udp"
    from_port   = 514
    to_port     = 514
    cidr_blocks = ["0.0.0.0/0"]
  }
  ingress {
    protocol    = "icmp"
    from_port   = 8
    to_port     = -1
    cidr_blocks = ["0.0.0.0/0"]
  }
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "office" {
  vpc_id = aws_vpc.main.id
  ingress {
    protocol    = "udp"
    from_port   = 514
    to_port     = 514
    cidr_blocks = ["198.51.100.0/24"]
  }
}

resource "aws_instance" "without_route" { # expect-note: delivered-one-way "anyone on the internet can send it udp 514 and icmp type 8, but no answer gets back: aws_vpc.main.main_route_table_id has no route"
  ami                         = "ami-1"
  subnet_id                   = aws_subnet.without_route.id
  associate_public_ip_address = true
  vpc_security_group_ids      = [aws_security_group.syslog.id]
}

resource "aws_instance" "silent" { # expect-note: delivered-one-way "aws_network_acl.silent denies udp 1-65535 out"
  ami                         = "ami-1"
  subnet_id                   = aws_subnet.silent.id
  associate_public_ip_address = true
  vpc_security_group_ids      = [aws_security_group.syslog.id]
}

# An echo request is let out again, the reply to one is not. Nothing answers a redirect.

resource "aws_subnet" "echoing" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.3.0/24"
}

resource "aws_route_table_association" "echoing" {
  subnet_id      = aws_subnet.echoing.id
  route_table_id = aws_route_table.public.id
}

resource "aws_network_acl" "echoing" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = [aws_subnet.echoing.id]
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "icmp"
    icmp_type  = 8
    icmp_code  = -1
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
}

resource "aws_security_group" "ping" {
  vpc_id = aws_vpc.main.id
  ingress {
    protocol    = "icmp"
    from_port   = 5
    to_port     = -1
    cidr_blocks = ["0.0.0.0/0"]
  }
  ingress {
    protocol    = "icmp"
    from_port   = 8
    to_port     = -1
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "echoing" { # expect-note: delivered-one-way "can send it icmp type 8, but no answer gets back: aws_network_acl.echoing denies icmp type 0 code 0 out"
  ami                         = "ami-1"
  subnet_id                   = aws_subnet.echoing.id
  associate_public_ip_address = true
  vpc_security_group_ids      = [aws_security_group.ping.id]
}

# Answers get back; there is no address, or perhaps none; nobody but an office is let in.

resource "aws_instance" "answered" {
  ami                         = "ami-1"
  subnet_id                   = aws_subnet.public.id
  associate_public_ip_address = true
  vpc_security_group_ids      = [aws_security_group.syslog.id]
}

resource "aws_instance" "private" {
  ami                    = "ami-1"
  subnet_id              = aws_subnet.without_route.id
  vpc_security_group_ids = [aws_security_group.syslog.id]
}

resource "aws_instance" "perhaps_public" {
  ami                         = "ami-1"
  subnet_id                   = aws_subnet.without_route.id
  associate_public_ip_address = var.unknown
  vpc_security_group_ids      = [aws_security_group.syslog.id]
}

resource "aws_instance" "for_the_office" {
  ami                         = "ami-1"
  subnet_id                   = aws_subnet.without_route.id
  associate_public_ip_address = true
  vpc_security_group_ids      = [aws_security_group.office.id]
}

resource "aws_instance" "absent" {
  count                       = 0
  ami                         = "ami-1"
  subnet_id                   = aws_subnet.without_route.id
  associate_public_ip_address = true
  vpc_security_group_ids      = [aws_security_group.syslog.id]
}
