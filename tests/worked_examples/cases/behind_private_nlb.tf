resource "aws_security_group" "db" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port   = 5432
    to_port     = 5432
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/16"]
  }
}
resource "aws_instance" "db" {
  ami                    = "ami-0123456789abcdef0"
  subnet_id              = aws_subnet.private.id
  vpc_security_group_ids = [aws_security_group.db.id]
}
resource "aws_lb" "inner" {
  load_balancer_type = "network"
  internal           = true
  subnets            = [aws_subnet.private.id]
}
resource "aws_lb_target_group" "inner" {
  port     = 5432
  protocol = "TCP"
  vpc_id   = aws_vpc.main.id
}
resource "aws_lb_listener" "inner" {
  load_balancer_arn = aws_lb.inner.arn
  port              = 5432
  protocol          = "TCP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.inner.arn
  }
}
resource "aws_lb_target_group_attachment" "inner" {
  target_group_arn = aws_lb_target_group.inner.arn
  target_id        = aws_instance.db.id
}
