# A database on an instance in a private subnet, and a Network Load Balancer that leads to it.
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.2.0/24"
}

resource "aws_security_group" "database" {
  vpc_id = aws_vpc.main.id
}

resource "aws_vpc_security_group_ingress_rule" "postgres" {
  security_group_id = aws_security_group.database.id
  cidr_ipv4         = "10.0.0.0/16"
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
}

resource "aws_instance" "database" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.private.id
  vpc_security_group_ids = [aws_security_group.database.id]
}

resource "aws_lb" "database" {
  load_balancer_type = "network"
  internal           = true
  subnets            = [aws_subnet.private.id]
}

resource "aws_lb_target_group" "database" {
  vpc_id   = aws_vpc.main.id
  port     = 5432
  protocol = "TCP"
}

resource "aws_lb_listener" "database" {
  load_balancer_arn = aws_lb.database.arn
  port              = 5432
  protocol          = "TCP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.database.arn
  }
}

resource "aws_lb_target_group_attachment" "database" {
  target_group_arn = aws_lb_target_group.database.arn
  target_id        = aws_instance.database.id
}
