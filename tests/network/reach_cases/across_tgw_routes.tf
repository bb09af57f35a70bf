resource "aws_route" "there" { #: there
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "10.8.0.0/14"
  transit_gateway_id     = aws_ec2_transit_gateway.hub.id
}
resource "aws_route" "back" { #: back
  route_table_id         = aws_route_table.far.id
  destination_cidr_block = "10.0.0.0/8"
  transit_gateway_id     = aws_ec2_transit_gateway.hub.id
}
