resource "aws_lb_target_group" "web" {
  port     = 22
  protocol = "TCP"
  vpc_id   = aws_vpc.main.id
}
resource "aws_lb_target_group_attachment" "web" {
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = aws_instance.web.id
}
resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.front.arn
  port              = 22 #: listener
  protocol          = "TCP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn #: listener
  }
}
resource "aws_lb" "front" { #: facing
  load_balancer_type = "network"
  subnets            = [aws_subnet.public.id]
}
