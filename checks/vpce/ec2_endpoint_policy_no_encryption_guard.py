from collections.abc import Iterator
from typing import Final

from iac_ec2lint.api import (
    Answer,
    Check,
    Graph,
    Severity,
    Unknown,
    Verdict,
    any_of,
    is_given,
    require,
)
from iac_ec2lint.api.endpoints import aws_service_of, endpoint_policies, lets_unencrypted_volumes
from iac_ec2lint.api.iam import PolicyDocument
from iac_ec2lint.api.resources import VpcEndpoint, VpcEndpointPolicy

_ACTIONS: Final = ("ec2:CreateVolume", "ec2:RunInstances")
_SERVICES: Final = frozenset({"ec2", "ec2-fips"})


class Ec2EndpointPolicyNoEncryptionGuard(Check):
    """The EC2 endpoint policy does not stop callers from creating unencrypted volumes.

    ## Why it matters
    Whoever calls the EC2 API from the VPC can make volumes that are not encrypted, by mistake or on
    purpose, and copy data to them. A statement in the endpoint's policy stops that for each host of
    the VPC, whatever role it has.

    It fails where a policy of one's own allows one of the two actions with `ec2:Encrypted` false.
    What is not allowed at all is denied.

    ## Fails
    ```hcl
    resource "aws_vpc_endpoint" "ec2" {
      vpc_id            = "vpc-0123456789abcdef0"
      service_name      = "com.amazonaws.eu-west-1.ec2"
      vpc_endpoint_type = "Interface"
      policy = jsonencode({
        Statement = [
          { Effect = "Allow", Principal = "*", Action = "*", Resource = "*" },
        ]
      })
    }
    ```
    ```yaml
    Resources:
      Ec2:
        Type: AWS::EC2::VPCEndpoint
        Properties:
          VpcId: vpc-0123456789abcdef0
          ServiceName: com.amazonaws.eu-west-1.ec2
          VpcEndpointType: Interface
          PolicyDocument:
            Statement:
              - {Effect: Allow, Principal: "*", Action: "*", Resource: "*"}
    ```

    ## Passes
    ```diff hcl
           { Effect = "Allow", Principal = "*", Action = "*", Resource = "*" },
    +      {
    +        Effect    = "Deny"
    +        Principal = "*"
    +        Action    = ["ec2:CreateVolume", "ec2:RunInstances"]
    +        Resource  = "*"
    +        Condition = { Bool = { "ec2:Encrypted" = "false" } }
    +      },
    ```
    ```diff yaml
               - {Effect: Allow, Principal: "*", Action: "*", Resource: "*"}
    +          - Effect: Deny
    +            Principal: "*"
    +            Action: ["ec2:CreateVolume", "ec2:RunInstances"]
    +            Resource: "*"
    +            Condition:
    +              Bool: {"ec2:Encrypted": "false"}
    ```

    ## How to mend it
    Deny `ec2:CreateVolume` and `ec2:RunInstances` where `ec2:Encrypted` is false.

    ## References
    - [Interface VPC endpoints of Amazon EC2, "Create an endpoint policy"](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/interface-vpc-endpoints.html)
    - [Condition keys for Amazon EC2](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html)
    """

    code = "VPCE005"
    name = "ec2-endpoint-policy-no-encryption-guard"
    severity = Severity.LOW
    since = "0.1.0"
    types = (VpcEndpoint, VpcEndpointPolicy)
    default = False

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each policy of an EC2 endpoint that lets such volumes be made."""
        for endpoint in graph.all(VpcEndpoint):
            leads = _leads_to_ec2(endpoint)
            if leads.truth is False:
                continue
            for policy in endpoint_policies(graph, endpoint):
                document = PolicyDocument.read(policy.value)
                answers = {one: lets_unencrypted_volumes(document, one) for one in _ACTIONS}
                let = leads & is_given(policy.value) & any_of(answers.values())
                sure = [one for one, answer in answers.items() if answer.truth is True]
                may = [one for one, answer in answers.items() if answer.truth is not False]
                yield from require(
                    ~let,
                    of=endpoint,
                    resource=policy.resource,
                    at=policy.place,
                    otherwise=f"the policy lets {' and '.join(sure)} make unencrypted volumes",
                    perhaps=f"the policy may let {' and '.join(may)} make unencrypted volumes",
                    value="unencrypted volumes",
                )


def _leads_to_ec2(endpoint: VpcEndpoint) -> Answer:
    """Whether an endpoint is one of the EC2 API."""
    service, name = aws_service_of(endpoint), endpoint.service_name
    if service is None and isinstance(name, Unknown):
        return Answer(None, (name,))
    return Answer(service in _SERVICES)
