resource "aws_subnet" "six" {
  vpc_id                          = aws_vpc.main.id
  cidr_block                      = "10.0.6.0/24"
  ipv6_cidr_block                 = cidrsubnet(aws_vpc.main.ipv6_cidr_block, 8, 6)
  assign_ipv6_address_on_creation = true #: assign
}
resource "aws_route_table" "six" {
  vpc_id = aws_vpc.main.id
  route { #: route6
    ipv6_cidr_block = "::/0"
    gateway_id      = aws_internet_gateway.main.id
  }
}
resource "aws_route_table_association" "six" {
  subnet_id      = aws_subnet.six.id
  route_table_id = aws_route_table.six.id #: assoc6
}
