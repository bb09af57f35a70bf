variable "unknown" {}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_vpc" "other" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_internet_gateway" "attached" {
  vpc_id = aws_vpc.main.id
}

resource "aws_internet_gateway" "loose" {}

resource "aws_internet_gateway" "unknown" {
  vpc_id = var.unknown
}

resource "aws_internet_gateway" "by_attachment" {}

resource "aws_internet_gateway_attachment" "it" {
  internet_gateway_id = aws_internet_gateway.by_attachment.id
  vpc_id              = aws_vpc.other.id
}

resource "aws_route_table" "fine" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.attached.id
  }
  route {
    ipv6_cidr_block = "::/0"
    gateway_id      = aws_internet_gateway.unknown.id
  }
}

resource "aws_route_table" "attached_by_attachment" {
  vpc_id = aws_vpc.other.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.by_attachment.id
  }
}

resource "aws_route_table" "of_no_vpc" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.loose.id # expect-note: gateway-of-no-vpc "aws_internet_gateway.loose is attached to no VPC, so AWS refuses the route"
  }
}

resource "aws_route_table" "of_other_vpc" {
  vpc_id = aws_vpc.other.id
}

resource "aws_route" "of_other_vpc" {
  route_table_id         = aws_route_table.of_other_vpc.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.attached.id # expect-note: gateway-of-other-vpc "aws_internet_gateway.attached is attached to aws_vpc.main, and the route is in aws_vpc.other, so AWS refuses the route"
}

resource "aws_route" "absent" {
  count                       = 0
  route_table_id              = aws_route_table.of_other_vpc.id
  destination_ipv6_cidr_block = "::/0"
  gateway_id                  = aws_internet_gateway.attached.id
}

# Routes to one destination.

resource "aws_route_table" "twice" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route" "first" {
  route_table_id         = aws_route_table.twice.id
  destination_cidr_block = "192.168.0.0/16"
  transit_gateway_id     = "tgw-1"
}

resource "aws_route" "second" {
  route_table_id         = aws_route_table.twice.id
  destination_cidr_block = "192.168.0.0/16" # expect-note: route-written-twice "aws_route_table.twice has a route to 192.168.0.0/16 already"
  transit_gateway_id     = "tgw-2"
}

resource "aws_route" "longer" {
  route_table_id         = aws_route_table.twice.id
  destination_cidr_block = "192.168.0.0/17"
  transit_gateway_id     = "tgw-2"
}

resource "aws_route" "only_possible" {
  count                  = var.unknown ? 1 : 0
  route_table_id         = aws_route_table.twice.id
  destination_cidr_block = "192.168.0.0/16"
  transit_gateway_id     = "tgw-2"
}

# Routes inline and on their own.

resource "aws_route_table" "mixed" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.attached.id
  }
}

resource "aws_route" "removed" {
  route_table_id         = aws_route_table.mixed.id # expect-note: routes-in-two-places "aws_route_table.mixed lists its routes inline, so Terraform removes this one again"
  destination_cidr_block = "192.168.0.0/16"
  transit_gateway_id     = "tgw-1"
}

resource "aws_route" "elsewhere" {
  route_table_id         = var.unknown
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.attached.id
}
