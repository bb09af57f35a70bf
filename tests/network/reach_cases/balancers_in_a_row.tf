resource "aws_security_group" "app" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port       = 443
    to_port         = 443
    protocol        = "tcp"
    security_groups = [aws_security_group.inner.id]
  }
}
resource "aws_lb" "outer" {
  load_balancer_type = "network"
  subnets            = [aws_subnet.public.id]
}
resource "aws_lb_listener" "outer" {
  load_balancer_arn = aws_lb.outer.arn
  port              = 443
  protocol          = "TCP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.outer.arn
  }
}
resource "aws_lb_target_group_attachment" "outer" {
  target_group_arn = aws_lb_target_group.outer.arn
  target_id        = aws_lb.inner.arn
}
resource "aws_lb" "inner" {
  internal        = true
  subnets         = [aws_subnet.private.id]
  security_groups = [aws_security_group.inner.id]
}
resource "aws_lb_listener" "inner" {
  load_balancer_arn = aws_lb.inner.arn
  port              = 443
  protocol          = "HTTPS"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.inner.arn
  }
}
resource "aws_lb_target_group" "inner" {
  port     = 443
  protocol = "HTTPS"
  vpc_id   = aws_vpc.main.id
}
resource "aws_lb_target_group_attachment" "inner" {
  target_group_arn = aws_lb_target_group.inner.arn
  target_id        = aws_instance.app.id
}
resource "aws_instance" "app" {
  subnet_id              = aws_subnet.private.id
  vpc_security_group_ids = [aws_security_group.app.id]
}
