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
