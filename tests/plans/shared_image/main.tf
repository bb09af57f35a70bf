terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

# An image on the snapshot of a volume of its own, and one of a host: for everybody, and for one.
resource "aws_instance" "db" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
}

resource "aws_ebs_volume" "data" {
  availability_zone = "eu-west-1a"
  size              = 20
  encrypted         = false

  tags = {
    DataClassification = "confidential"
  }
}

resource "aws_volume_attachment" "data" {
  device_name = "/dev/sdf"
  volume_id   = aws_ebs_volume.data.id
  instance_id = aws_instance.db.id
}

resource "aws_ebs_snapshot" "data" {
  volume_id = aws_ebs_volume.data.id
}

resource "aws_ami" "appliance" {
  name             = "appliance"
  root_device_name = "/dev/xvda"

  ebs_block_device {
    device_name = "/dev/xvda"
    snapshot_id = aws_ebs_snapshot.data.id
  }
}

resource "aws_ami_launch_permission" "everyone" {
  image_id = aws_ami.appliance.id
  group    = "all"
}

resource "aws_ami_from_instance" "db" {
  name               = "db"
  source_instance_id = aws_instance.db.id
}

resource "aws_ami_launch_permission" "partner" {
  image_id   = aws_ami_from_instance.db.id
  account_id = "111122223333"
}

resource "aws_ebs_snapshot" "root" {
  volume_id = aws_instance.db.root_block_device[0].volume_id
}

resource "aws_snapshot_create_volume_permission" "root" {
  snapshot_id = aws_ebs_snapshot.root.id
  account_id  = "111122223333"
}
