variable "unknown" {}

resource "aws_iam_role" "wildcard" {
  assume_role_policy = jsonencode({
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = "arn:aws:iam::123456789012:role/dev-*" } # expect-note: principal-with-wildcard "matches nothing: it may not hold wildcards"
      },
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = ["arn:aws:iam::123456789012:root", "*"] }
      },
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = "arn:aws:iam::${var.unknown}:role/dev" }
      },
    ]
  })
}

data "aws_iam_policy_document" "read" {
  statement {
    actions   = ["GetObject"] # expect-note: policy-refused "names no service"
    resources = ["*"]
  }
  statement {
    actions   = ["s3:*", "*"]
    resources = ["arn:aws:s3:::logs/*"]
  }
}

resource "aws_iam_policy" "read" {
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_iam_role_policy" "absent" {
  count = 0
  role  = aws_iam_role.wildcard.name
  policy = jsonencode({
    Statement = [{ Effect = "Permit", Action = "s3:*", Resource = "*" }]
  })
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id       = "vpc-1"
  service_name = "com.amazonaws.eu-central-1.s3"
  policy       = var.unknown
}
