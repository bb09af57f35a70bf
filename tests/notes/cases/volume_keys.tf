variable "unknown" {}

resource "aws_kms_key" "disks" {}

resource "aws_ebs_volume" "unset" {
  availability_zone = "eu-central-1a"
  kms_key_id        = aws_kms_key.disks.arn # expect-note: key-without-encryption "a key without encrypted = true is refused by AWS"
}

resource "aws_instance" "web" {
  root_block_device {
    encrypted  = false
    kms_key_id = aws_kms_key.disks.arn # expect-note: key-without-encryption "a key for a volume that is not encrypted is refused by AWS"
  }
  ebs_block_device {
    device_name = "/dev/sdf"
    kms_key_id  = "alias/disks" # expect-note: key-without-encryption
  }
}

resource "aws_launch_template" "web" {
  block_device_mappings {
    device_name = "/dev/xvda"
    ebs {
      kms_key_id = aws_kms_key.disks.arn # expect-note: key-without-encryption
    }
  }
  block_device_mappings {
    device_name = "/dev/sdf"
    ebs {
      encrypted  = true
      kms_key_id = aws_kms_key.disks.arn
    }
  }
}

resource "aws_instance" "of_template" {
  launch_template {
    id = aws_launch_template.web.id
  }
  ebs_block_device {
    device_name = "/dev/sdf"
    kms_key_id  = aws_kms_key.disks.arn
  }
}

resource "aws_ebs_volume" "encrypted" {
  availability_zone = "eu-central-1a"
  encrypted         = true
  kms_key_id        = aws_kms_key.disks.arn
}

resource "aws_ebs_volume" "perhaps_encrypted" {
  availability_zone = "eu-central-1a"
  encrypted         = var.unknown
  kms_key_id        = aws_kms_key.disks.arn
}

resource "aws_ebs_volume" "perhaps_with_key" {
  availability_zone = "eu-central-1a"
  kms_key_id        = var.unknown
}

resource "aws_ebs_volume" "without_key" {
  availability_zone = "eu-central-1a"
  kms_key_id        = null
}

resource "aws_ebs_volume" "absent" {
  count             = 0
  availability_zone = "eu-central-1a"
  kms_key_id        = aws_kms_key.disks.arn
}
