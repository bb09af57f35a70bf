resource "aws_nat_gateway" "inside" {
  connectivity_type = "private"
  subnet_id         = aws_subnet.public.id
}
resource "aws_route_table" "inner" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block     = "10.0.0.0/8"
    nat_gateway_id = aws_nat_gateway.inside.id
  }
}
resource "aws_route_table_association" "inner" {
  subnet_id      = aws_subnet.private.id
  route_table_id = aws_route_table.inner.id
}
resource "aws_security_group" "inner" {
  vpc_id = aws_vpc.main.id
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "inner" {
  subnet_id              = aws_subnet.private.id
  vpc_security_group_ids = [aws_security_group.inner.id]
}
resource "aws_security_group" "far" {
  vpc_id = aws_vpc.far.id
  ingress {
    from_port   = 5432
    to_port     = 5432
    protocol    = "tcp"
    cidr_blocks = ["10.0.1.0/24"]
  }
  ingress {
    from_port   = 5433
    to_port     = 5433
    protocol    = "tcp"
    cidr_blocks = ["10.0.2.0/24"]
  }
  ingress {
    from_port       = 6379
    to_port         = 6379
    protocol        = "tcp"
    security_groups = [aws_security_group.inner.id]
  }
}
resource "aws_vpc" "far" { #: far-vpc
  cidr_block = "10.9.0.0/16"
}
resource "aws_subnet" "far" { #: far
  vpc_id            = aws_vpc.far.id
  cidr_block        = "10.9.1.0/24"
  availability_zone = "eu-west-1a"
}
resource "aws_route_table" "far" {
  vpc_id = aws_vpc.far.id
}
resource "aws_route_table_association" "far" {
  subnet_id      = aws_subnet.far.id
  route_table_id = aws_route_table.far.id
}
resource "aws_instance" "far" {
  subnet_id              = aws_subnet.far.id
  vpc_security_group_ids = [aws_security_group.far.id]
}
