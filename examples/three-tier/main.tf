# A small web application: a bastion, a fleet of web servers and a database host.
# It has faults on purpose: run iac-ec2lint over it to see them.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = var.region
}

resource "aws_vpc" "main" {
  cidr_block           = var.vpc_cidr
  enable_dns_hostnames = true
}

resource "aws_default_security_group" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "public" {
  for_each                = toset(["a", "b"])
  vpc_id                  = aws_vpc.main.id
  availability_zone       = "${var.region}${each.key}"
  cidr_block              = cidrsubnet(var.vpc_cidr, 8, each.key == "a" ? 0 : 1)
  map_public_ip_on_launch = true
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}

resource "aws_route_table_association" "public" {
  for_each       = aws_subnet.public
  subnet_id      = each.value.id
  route_table_id = aws_route_table.public.id
}

module "bastion_group" {
  source = "./modules/security-group"

  name          = "bastion"
  vpc_id        = aws_vpc.main.id
  ingress_ports = [22]
  ingress_cidrs = var.admin_cidrs
}

module "web_group" {
  source = "./modules/security-group"

  name          = "web"
  vpc_id        = aws_vpc.main.id
  ingress_ports = [80, 443]
  ingress_cidrs = ["0.0.0.0/0"]
}

resource "aws_security_group" "database" {
  name   = "database"
  vpc_id = aws_vpc.main.id
}

resource "aws_vpc_security_group_ingress_rule" "database_from_web" {
  security_group_id            = aws_security_group.database.id
  referenced_security_group_id = module.web_group.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

# Two halves of the internet make the whole of it.
resource "aws_vpc_security_group_ingress_rule" "database_migration" {
  for_each          = toset(["0.0.0.0/1", "128.0.0.0/1"])
  security_group_id = aws_security_group.database.id
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
}

resource "aws_instance" "bastion" {
  ami                    = var.image_id
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.public["a"].id
  vpc_security_group_ids = [module.bastion_group.id]

  metadata_options {
    http_tokens = "optional"
  }

  root_block_device {
    encrypted = true
  }
}

resource "aws_launch_template" "web" {
  name_prefix            = "web-"
  image_id               = var.image_id
  instance_type          = "t3.small"
  vpc_security_group_ids = [module.web_group.id]

  metadata_options {
    http_tokens = "required"
  }

  block_device_mappings {
    device_name = "/dev/sdf"

    ebs {
      volume_size = 100
      encrypted   = var.encrypt_volumes
    }
  }
}

resource "aws_autoscaling_group" "web" {
  min_size            = 2
  max_size            = 4
  vpc_zone_identifier = values(aws_subnet.public)[*].id

  launch_template {
    id      = aws_launch_template.web.id
    version = "$Latest"
  }
}

resource "aws_instance" "database" {
  ami                    = var.image_id
  instance_type          = "r6i.large"
  subnet_id              = aws_subnet.public["b"].id
  vpc_security_group_ids = [aws_security_group.database.id]

  metadata_options {
    http_tokens = "required"
  }

  root_block_device {
    encrypted = true
  }

  # ec2lint:ignore=DATA001 scratch space, wiped every night
  ebs_block_device {
    device_name = "/dev/sdg"
    volume_size = 50
  }
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id          = aws_vpc.main.id
  service_name    = "com.amazonaws.${var.region}.s3"
  route_table_ids = [aws_route_table.public.id]
}
