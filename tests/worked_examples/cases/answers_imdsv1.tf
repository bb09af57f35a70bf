resource "aws_instance" "web" { #: web
  ami                    = "ami-0123456789abcdef0"
  subnet_id              = aws_subnet.public.id
  vpc_security_group_ids = [aws_security_group.web.id] #: host
  iam_instance_profile   = aws_iam_instance_profile.app.name #: has
  root_block_device {
    encrypted = true
  }
  metadata_options { #: options
    http_tokens = "optional" #: tokens
  }
}
resource "aws_iam_instance_profile" "app" { #: profile
  role = aws_iam_role.app.name
}
