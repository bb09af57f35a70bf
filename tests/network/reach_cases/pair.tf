resource "aws_vpc" "other" {
  cidr_block = "10.9.0.0/16"
}
resource "aws_internet_gateway" "other" {
  vpc_id = aws_vpc.other.id
}
resource "aws_subnet" "shop" {
  vpc_id                  = aws_vpc.other.id
  cidr_block              = "10.9.1.0/24"
  map_public_ip_on_launch = true
}
resource "aws_subnet" "stock" {
  vpc_id     = aws_vpc.other.id
  cidr_block = "10.9.2.0/24"
}
resource "aws_route_table" "shop" {
  vpc_id = aws_vpc.other.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.other.id
  }
}
resource "aws_route_table_association" "shop" {
  subnet_id      = aws_subnet.shop.id
  route_table_id = aws_route_table.shop.id
}
