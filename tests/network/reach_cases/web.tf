resource "aws_instance" "web" { #: web
  subnet_id              = aws_subnet.public.id
  vpc_security_group_ids = [aws_security_group.web.id] #: host
}
