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
