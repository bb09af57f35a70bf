resource "aws_vpc" "main" { #: vpc
  cidr_block      = "10.0.0.0/16"
  ipv6_cidr_block = "2600:1f16:abc:de00::/56"
}
resource "aws_subnet" "a" {
  vpc_id          = aws_vpc.main.id
  cidr_block      = "10.0.1.0/24"
  ipv6_cidr_block = "2600:1f16:abc:de01::/64"
}
resource "aws_subnet" "b" {
  vpc_id          = aws_vpc.main.id
  cidr_block      = "10.0.2.0/24"
  ipv6_cidr_block = "2600:1f16:abc:de02::/64"
}
resource "aws_security_group" "web" {
  vpc_id = aws_vpc.main.id
  egress {
    from_port        = 0
    to_port          = 0
    protocol         = "-1"
    cidr_blocks      = ["0.0.0.0/0"] #: out4
    ipv6_cidr_blocks = ["::/0"]      #: out6
  }
}
resource "aws_instance" "web" {
  subnet_id              = aws_subnet.a.id #: place
  ipv6_address_count     = 1               #: a-web
  vpc_security_group_ids = [aws_security_group.web.id]
}
resource "aws_security_group" "db" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port        = 1
    to_port          = 1
    protocol         = "tcp"
    ipv6_cidr_blocks = ["2600:1f16:abc:de01::/64"] #: in6
  }
  ingress {
    from_port   = 2
    to_port     = 2
    protocol    = "tcp"
    cidr_blocks = ["10.0.1.0/24"] #: in4
  }
  ingress {
    from_port       = 3
    to_port         = 3
    protocol        = "tcp"
    security_groups = [aws_security_group.web.id] #: in-group
  }
  ingress {
    from_port        = 4
    to_port          = 4
    protocol         = "tcp"
    ipv6_cidr_blocks = ["2600:1f16:abc:de02::/64"]
  }
}
