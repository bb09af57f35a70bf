from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, require
from iac_ec2lint.api.endpoints import (
    endpoint_policies,
    endpoint_policy_is_unset,
    supports_endpoint_policies,
)
from iac_ec2lint.api.resources import VpcEndpoint, VpcEndpointPolicy


class EndpointDefaultPolicy(Check):
    """A VPC endpoint keeps the default policy that allows every principal every action.

    ## Why it matters
    Whoever gets hold of a host in the VPC can use the endpoint with credentials of an account of
    their own, and copy data to it. No other control sees that: the traffic never leaves AWS.

    ## Fails
    ```hcl
    resource "aws_vpc_endpoint" "s3" {
      vpc_id       = "vpc-0123456789abcdef0"
      service_name = "com.amazonaws.eu-west-1.s3"
    }
    ```
    ```yaml
    Resources:
      S3:
        Type: AWS::EC2::VPCEndpoint
        Properties:
          VpcId: vpc-0123456789abcdef0
          ServiceName: com.amazonaws.eu-west-1.s3
    ```

    ## Passes
    ```diff hcl
       service_name = "com.amazonaws.eu-west-1.s3"
    +  policy = jsonencode({
    +    Version = "2012-10-17"
    +    Statement = [{
    +      Effect    = "Allow"
    +      Principal = "*"
    +      Action    = "s3:GetObject"
    +      Resource  = "arn:aws:s3:::releases/*"
    +      Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-a1b2c3d4e5" } }
    +    }]
    +  })
    ```
    ```diff yaml
           ServiceName: com.amazonaws.eu-west-1.s3
    +      PolicyDocument:
    +        Version: "2012-10-17"
    +        Statement:
    +          - Effect: Allow
    +            Principal: "*"
    +            Action: s3:GetObject
    +            Resource: arn:aws:s3:::releases/*
    +            Condition:
    +              StringEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}
    ```

    ## How to mend it
    Attach a policy that names the principals, actions and resources that the VPC needs.

    ## References
    - [Control access to VPC endpoints using endpoint policies](https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html)
    """

    code = "VPCE003"
    name = "endpoint-default-policy"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (VpcEndpoint,)
    supplied_by = (VpcEndpointPolicy,)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each endpoint that could have a policy and has none."""
        for endpoint in graph.all(VpcEndpoint):
            written = endpoint_policies(graph, endpoint)
            unset = endpoint_policy_is_unset(graph, endpoint)
            yield from require(
                ~(supports_endpoint_policies(endpoint) & unset),
                of=endpoint,
                resource=written[0].resource if written else None,
                at=written[0].place if written else endpoint,
                otherwise="the endpoint has no policy, so it allows everybody everything",
                perhaps="the endpoint may have no policy, and would then "
                "allow everybody everything",
                value="default policy",
            )
