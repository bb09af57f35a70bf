resource "aws_instance" "web" {
  subnet_id              = aws_subnet.public.id #: place
  vpc_security_group_ids = [aws_security_group.web.id]
}
resource "aws_security_group" "db" { #: group2
  vpc_id = aws_vpc.main.id
  ingress {
    from_port       = 5432
    to_port         = 5432
    protocol        = "tcp"
    security_groups = [aws_security_group.web.id] #: in
  }
}
resource "aws_instance" "db" {
  subnet_id              = aws_subnet.private.id
  vpc_security_group_ids = [aws_security_group.db.id]
}
