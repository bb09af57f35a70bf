resource "aws_iam_role" "admin" { #: admin
  name                = "prod-admin"
  managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"] #: managed
  assume_role_policy = jsonencode({ #: trust
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}
resource "aws_iam_instance_profile" "admin" { #: profile
  role = aws_iam_role.admin.name
}
resource "aws_instance" "admin" {
  ami                  = "ami-0123456789abcdef0"
  subnet_id            = aws_subnet.public.id
  iam_instance_profile = aws_iam_instance_profile.admin.name
}
