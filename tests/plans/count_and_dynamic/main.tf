variable "size" {
  default = 2
}

variable "zones" {
  default = ["eu-west-1a", "eu-west-1b"]
}

variable "ports" {
  type = map(list(string))
  default = {
    443  = ["0.0.0.0/0"]
    8080 = ["10.0.0.0/8"]
    3306 = ["0.0.0.0/0"]
  }
}

provider "aws" {
  region = "eu-west-1"
}

resource "aws_subnet" "front" {
  count      = var.size
  vpc_id     = "vpc-0123456789abcdef0"
  cidr_block = "10.0.${count.index}.0/24"
}

resource "aws_security_group" "front" {
  name   = "front"
  vpc_id = "vpc-0123456789abcdef0"

  dynamic "ingress" {
    for_each = var.ports
    content {
      protocol    = "tcp"
      from_port   = ingress.key
      to_port     = ingress.key
      cidr_blocks = ingress.value
    }
  }
}

resource "aws_launch_template" "front" {
  name_prefix            = "front-"
  image_id               = "ami-0123456789abcdef0"
  instance_type          = "t3.small"
  vpc_security_group_ids = [aws_security_group.front.id]

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 3
  }

  block_device_mappings {
    device_name = "/dev/xvda"
    ebs {
      volume_size = 30
      volume_type = "gp3"
    }
  }
}

resource "aws_instance" "front" {
  count     = var.size
  subnet_id = aws_subnet.front[count.index].id

  launch_template {
    id      = aws_launch_template.front.id
    version = "$Latest"
  }
}

resource "aws_ebs_volume" "data" {
  count             = 2
  availability_zone = var.zones[count.index]
  size              = 10
  encrypted         = count.index == 0
}
