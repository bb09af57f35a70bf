from collections.abc import Iterator

from iac_ec2lint.api import Check, Evidence, Graph, Severity, Unknown, Val, Verdict, parameter
from iac_ec2lint.api.endpoints import (
    OutsideAccess,
    endpoint_access,
    endpoint_access_of_any,
    endpoint_policies,
    service_of_endpoint,
)
from iac_ec2lint.api.iam import PolicyDocument
from iac_ec2lint.api.resources import VpcEndpoint, VpcEndpointPolicy
from iac_ec2lint.api.verdicts import as_known


class EndpointPolicyUntrustedPrincipal(Check):
    """An explicit VPC endpoint policy admits principals outside the account or organisation.

    ## Why it matters
    With credentials of any AWS account, a host in the VPC can use the endpoint: data can be sent
    to a bucket or a table of somebody else. Where the policy limits the resources as well as
    nothing of the principals, foreign principals can still act on them.

    The policy is evaluated, not read as text: two statements that together allow everything count
    like `*`. `aws:SourceVpc` and `aws:SourceVpce` restrict nothing in the endpoint's own policy,
    since all that comes through the endpoint has them.

    ## Fails
    ```hcl
    resource "aws_vpc_endpoint" "s3" {
      vpc_id       = "vpc-0123456789abcdef0"
      service_name = "com.amazonaws.eu-west-1.s3"
      policy = jsonencode({
        Statement = [{ Effect = "Allow", Principal = "*", Action = "*", Resource = "*" }]
      })
    }
    ```
    ```yaml
    Resources:
      S3:
        Type: AWS::EC2::VPCEndpoint
        Properties:
          VpcId: vpc-0123456789abcdef0
          ServiceName: com.amazonaws.eu-west-1.s3
          PolicyDocument:
            Statement:
              - {Effect: Allow, Principal: "*", Action: "*", Resource: "*"}
    ```

    ## Passes
    ```diff hcl
    -    Statement = [{ Effect = "Allow", Principal = "*", Action = "*", Resource = "*" }]
    +    Statement = [{
    +      Effect    = "Allow"
    +      Principal = "*"
    +      Action    = "*"
    +      Resource  = "*"
    +      Condition = {
    +        StringEquals = {
    +          "aws:PrincipalOrgID" = "o-a1b2c3d4e5"
    +          "aws:ResourceOrgID"  = "o-a1b2c3d4e5"
    +        }
    +      }
    +    }]
    ```
    ```diff yaml
    -          - {Effect: Allow, Principal: "*", Action: "*", Resource: "*"}
    +          - Effect: Allow
    +            Principal: "*"
    +            Action: "*"
    +            Resource: "*"
    +            Condition:
    +              StringEquals:
    +                aws:PrincipalOrgID: o-a1b2c3d4e5
    +                aws:ResourceOrgID: o-a1b2c3d4e5
    ```

    ## How to mend it
    Name the principals, or add a condition on `aws:PrincipalOrgID` or its account. Limit
    the resources in the same way with `aws:ResourceOrgID` or ARNs.

    ## References
    - [Control access to VPC endpoints using endpoint policies](https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html)
    - [Interface VPC endpoints of Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/interface-vpc-endpoints.html)
    """

    code = "VPCE004"
    name = "endpoint-policy-untrusted-principal"
    severity = Severity.MEDIUM  # the default policy, which gives as much, is VPCE003's
    trusted_accounts = parameter.TRUSTED_ACCOUNTS
    since = "0.1.0"
    types = (VpcEndpoint, VpcEndpointPolicy)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each policy that gives strangers something."""
        for endpoint in graph.all(VpcEndpoint):
            name = endpoint.service_name
            for policy in endpoint_policies(graph, endpoint):
                document = PolicyDocument.read(policy.value)
                access = self._access(document, name)
                admitted = access.foreign_principal
                if admitted.truth is False:
                    continue
                # Sure of foreign principals and unsure of foreign resources is surely the lesser.
                half = admitted.truth is True and access.full.truth is not True
                yield Verdict(
                    subject=endpoint,
                    resource=policy.resource,
                    at=policy.place,
                    message=_words(access),
                    undecided=admitted.truth is None,
                    causes=admitted.causes,
                    severity=Severity.LOW if half else None,
                    evidence=tuple(
                        Evidence(
                            span,
                            as_known(
                                admitted, "this statement allows it", "this statement may allow it"
                            ),
                            policy.resource.address,
                        )
                        for span in access.spans
                    ),
                    value=f"{access.verdict} {' '.join(access.actions)}",
                )

    def _access(self, document: PolicyDocument, name: Val | None) -> OutsideAccess:
        """What a policy gives by an endpoint for the service of a name."""
        prefix = service_of_endpoint(name) if name is not None else None
        if prefix is None and isinstance(name, Unknown):
            return endpoint_access_of_any(document, name, self.trusted_accounts)
        return endpoint_access(document, prefix, self.trusted_accounts)


def _words(access: OutsideAccess) -> str:
    verb = "admits" if access.foreign_principal.truth is True else "may admit"
    where = "on the resources that it names"
    if access.full.truth is not False:
        sure = access.full.truth is True or access.foreign_principal.truth is None
        where = "on resources of any account" if sure else "on resources that may be anybody's"
    return f"the policy {verb} principals of any account, {where}"
