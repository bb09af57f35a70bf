resource "aws_instance" "web" {
  ami                    = "ami-0123456789abcdef0"
  subnet_id              = aws_subnet.public.id
  vpc_security_group_ids = [aws_security_group.web.id]
}
resource "aws_security_group" "db" {
  vpc_id = aws_vpc.main.id
}
resource "aws_instance" "db" {
  ami                    = "ami-0123456789abcdef0"
  subnet_id              = aws_subnet.private.id
  vpc_security_group_ids = [aws_security_group.db.id]
}
