from collections.abc import Iterator

from iac_ec2lint.api import Answer, Check, Graph, Severity, Verdict, all_of, require
from iac_ec2lint.api.load_balancers import BALANCER_TYPES, balancer_zones, target_groups
from iac_ec2lint.api.resources import ClassicLoadBalancer, Listener, LoadBalancer, Subnet


class LbNotMultiAz(Check):
    """A load balancer serves one Availability Zone or does not balance across zones.

    ## Why it matters
    A load balancer with nodes in one Availability Zone is gone when that zone is, however many
    instances there are elsewhere. With nodes in several zones and without cross-zone balancing,
    each node sends requests to targets of its own zone alone: a zone with few healthy targets gets
    as much as one with many.

    A load balancer has one subnet of each zone, so that two subnets are two zones. Application Load
    Balancers balance across zones, and AWS refuses one in a single Availability Zone, so that one
    whose subnets are not known passes; of Network and Gateway Load Balancers target groups may turn
    balancing across zones on.

    ## Fails
    ```hcl
    resource "aws_lb" "web" {
      load_balancer_type               = "network"
      subnets                          = ["subnet-0a1b2c3d4e5f60001"]
      enable_cross_zone_load_balancing = true
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::ElasticLoadBalancingV2::LoadBalancer
        Properties:
          Type: network
          Subnets: [subnet-0a1b2c3d4e5f60001, subnet-0a1b2c3d4e5f60002]
    ```

    ## Passes
    ```diff hcl
    -  subnets                          = ["subnet-0a1b2c3d4e5f60001"]
    +  subnets                          = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
    ```
    ```diff yaml
           Subnets: [subnet-0a1b2c3d4e5f60001, subnet-0a1b2c3d4e5f60002]
    +      LoadBalancerAttributes:
    +        - {Key: load_balancing.cross_zone.enabled, Value: "true"}
    ```

    ## How to mend it
    Attach subnets of two or more zones and turn cross-zone load balancing on. Of a Network Load
    Balancer that is `enable_cross_zone_load_balancing`, or the attribute
    `load_balancing.cross_zone.enabled`; traffic between zones is billed there.

    ## References
    - [CreateLoadBalancer: subnets of two zones for an Application Load Balancer](https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html)
    - [How Elastic Load Balancing works: Availability Zones](https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html#availability-zones)
    - [Cross-zone load balancing for Network Load Balancers](https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#target-group-cross-zone)
    - [Configure cross-zone load balancing for your Classic Load Balancer](https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/enable-disable-crosszone-lb.html)
    """

    code = "RES008"
    name = "lb-not-multi-az"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (*BALANCER_TYPES, Listener, Subnet)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each load balancer of one zone, or whose nodes keep to their own."""
        for balancer in graph.all(*BALANCER_TYPES):
            zones = balancer_zones(graph, balancer)
            several = zones.several
            if several.truth is None and isinstance(balancer, LoadBalancer):
                several = several | balancer.is_application
            yield from require(
                several,
                of=balancer,
                at=zones.place,
                otherwise="the load balancer serves one Availability Zone",
                perhaps="the load balancer may serve one Availability Zone",
            )
            if zones.several.truth is not False:
                yield from require(
                    _crosses_zones(graph, balancer),
                    of=balancer,
                    at=balancer.place("cross_zone"),
                    severity=None if isinstance(balancer, ClassicLoadBalancer) else Severity.LOW,
                    otherwise="cross-zone load balancing is off",
                    perhaps="cross-zone load balancing may be off",
                )


def _crosses_zones(graph: Graph, balancer: ClassicLoadBalancer | LoadBalancer) -> Answer:
    """Whether nodes send requests to targets in other zones, by its own word or its groups'."""
    own = balancer.cross_zone.is_true()
    if isinstance(balancer, ClassicLoadBalancer):
        return own
    own = balancer.is_application | own
    if own.truth is True:
        return own
    groups = target_groups(graph, balancer)
    if not groups:
        return own
    return own | all_of(surely & one.cross_zone.equals("true") for one, surely in groups)
