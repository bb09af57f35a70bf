resource "aws_ec2_transit_gateway_vpc_attachment" "main" { #: learned-main
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = aws_vpc.main.id #: at-main
  subnet_ids         = [aws_subnet.public.id]
}
resource "aws_ec2_transit_gateway_vpc_attachment" "far" { #: learned-far
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = aws_vpc.far.id #: at-far
  subnet_ids         = [aws_subnet.far.id]
}
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
