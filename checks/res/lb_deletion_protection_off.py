from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, require, set_to
from iac_ec2lint.api.resources import LoadBalancer, UnreadModule
from iac_ec2lint.api.verdicts import handed_to_unread_modules


class LbDeletionProtectionOff(Check):
    """A load balancer can be deleted without a safeguard.

    ## Why it matters
    Deleting a load balancer cuts off all that is behind it, and gives up its addresses: a new one
    has another DNS name, and each record and allow list that named the old one is wrong. With
    deletion protection the call is refused until somebody turns the protection off.

    Classic Load Balancers do not have it.

    ## Fails
    ```hcl
    resource "aws_lb" "web" {
      subnets = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::ElasticLoadBalancingV2::LoadBalancer
        Properties:
          Subnets: [subnet-0a1b2c3d4e5f60001, subnet-0a1b2c3d4e5f60002]
    ```

    ## Passes
    ```diff hcl
       subnets = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
    +  enable_deletion_protection = true
    ```
    ```diff yaml
           Subnets: [subnet-0a1b2c3d4e5f60001, subnet-0a1b2c3d4e5f60002]
    +      LoadBalancerAttributes:
    +        - {Key: deletion_protection.enabled, Value: "true"}
    ```

    ## How to mend it
    Set `enable_deletion_protection` (`deletion_protection.enabled`) to true. In CloudFormation
    that is the attribute `deletion_protection.enabled`.

    ## References
    - [Edit attributes for your Application Load Balancer: deletion protection](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html#deletion-protection)
    - [Edit attributes for your Network Load Balancer](https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-load-balancer-attributes.html)
    - [LoadBalancerAttribute](https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html)
    """

    code = "RES009"
    name = "lb-deletion-protection-off"
    severity = Severity.LOW
    since = "0.1.0"
    types = (LoadBalancer, UnreadModule)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each load balancer without deletion protection."""
        for balancer in graph.all(LoadBalancer):
            yield from require(
                balancer.deletion_protection.is_true(),
                of=balancer,
                at=balancer.place("deletion_protection"),
                otherwise="deletion protection is off",
                perhaps="deletion protection may be off",
                fix=set_to(True),
            )
        for handed in handed_to_unread_modules(graph):
            value = handed.sets("enable_deletion_protection", False)
            if value is not None:
                yield handed.verdict(value, "deletion protection may be off")
