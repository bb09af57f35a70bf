resource "aws_subnet" "guarded" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.4.0/24"
  map_public_ip_on_launch = true
}
resource "aws_route_table" "guarded" {
  vpc_id = aws_vpc.main.id
}
resource "aws_route_table_association" "guarded" {
  subnet_id      = aws_subnet.guarded.id
  route_table_id = aws_route_table.guarded.id
}
resource "aws_instance" "guarded" {
  subnet_id              = aws_subnet.guarded.id
  vpc_security_group_ids = [aws_security_group.web.id]
}
resource "aws_route_table" "edge" {
  vpc_id = aws_vpc.main.id
}
resource "aws_route_table_association" "edge" {
  gateway_id     = aws_internet_gateway.main.id
  route_table_id = aws_route_table.edge.id
}
