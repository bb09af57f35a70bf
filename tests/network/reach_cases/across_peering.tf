resource "aws_route" "there" { #: there
  route_table_id            = aws_route_table.public.id
  destination_cidr_block    = aws_vpc.far.cidr_block
  vpc_peering_connection_id = aws_vpc_peering_connection.main.id
}
resource "aws_route" "back" { #: back
  route_table_id            = aws_route_table.far.id
  destination_cidr_block    = aws_vpc.main.cidr_block
  vpc_peering_connection_id = aws_vpc_peering_connection.main.id
}
