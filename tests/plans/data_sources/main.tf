provider "aws" {
  region = "eu-west-1"
}

data "aws_vpc" "default" {
  default = true
}

data "aws_ami" "linux" {
  most_recent = true
  owners      = ["amazon"]

  filter {
    name   = "name"
    values = ["al2023-ami-2023.*-x86_64"]
  }
}

data "aws_iam_policy_document" "everyone" {
  statement {
    actions   = ["*"]
    resources = ["*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

resource "aws_s3_bucket" "store" {
  bucket_prefix = "store-"
}

data "aws_iam_policy_document" "bucket" {
  statement {
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.store.arn, "*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

resource "aws_vpc_endpoint" "everyone" {
  vpc_id       = data.aws_vpc.default.id
  service_name = "com.amazonaws.eu-west-1.s3"
  policy       = data.aws_iam_policy_document.everyone.json
}

resource "aws_vpc_endpoint" "bucket" {
  vpc_id       = data.aws_vpc.default.id
  service_name = "com.amazonaws.eu-west-1.s3"
  policy       = data.aws_iam_policy_document.bucket.json
}

resource "aws_vpc_endpoint" "encoded" {
  vpc_id       = data.aws_vpc.default.id
  service_name = "com.amazonaws.eu-west-1.s3"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::other/*"
    }]
  })
}

resource "aws_vpc_endpoint" "silent" {
  vpc_id       = data.aws_vpc.default.id
  service_name = "com.amazonaws.eu-west-1.s3"
}

resource "aws_security_group" "db" {
  name   = "db"
  vpc_id = data.aws_vpc.default.id

  ingress {
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5432
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "web" {
  ami                    = data.aws_ami.linux.id
  instance_type          = "t3.micro"
  vpc_security_group_ids = [aws_security_group.db.id]
}
