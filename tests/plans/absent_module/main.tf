variable "zones" {
  default = ["eu-west-1a", "eu-west-1b"]
}

provider "aws" {
  region = "eu-west-1"
}

module "network" {
  source  = "registry.example.com/networks/vpc/aws"
  version = "1.2.0"

  zones = var.zones
}

resource "aws_security_group" "app" {
  name   = "app"
  vpc_id = module.network.vpc_id

  ingress {
    protocol    = "tcp"
    from_port   = 3389
    to_port     = 3389
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "app" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = module.network.public_subnets[0]
  vpc_security_group_ids = [aws_security_group.app.id, module.network.group_id]
}
