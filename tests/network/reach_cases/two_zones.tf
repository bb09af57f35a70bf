resource "aws_subnet" "dark" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.3.0/24"
  availability_zone = "eu-west-1b"
}
resource "aws_subnet" "bright" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.4.0/24"
  availability_zone = "eu-west-1b"
}
resource "aws_route_table_association" "bright" {
  subnet_id      = aws_subnet.bright.id
  route_table_id = aws_route_table.public.id
}
resource "aws_subnet" "inner" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.5.0/24"
  availability_zone = "eu-west-1b"
}
resource "aws_security_group" "all" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port   = 80
    to_port     = 80
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "app" {
  subnet_id              = aws_subnet.inner.id
  vpc_security_group_ids = [aws_security_group.all.id]
}
