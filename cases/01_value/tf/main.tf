variable "p" {
  type = bool
}
resource "aws_security_group" "g" {
  ingress {
    protocol = "tcp"
    from_port = 22
    to_port = 22
    cidr_blocks = [var.p ? "0.0.0.0/0" : "10.0.0.0/8"]
  }
}
