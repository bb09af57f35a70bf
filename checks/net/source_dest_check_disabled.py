from collections.abc import Iterator

from iac_ec2lint.api import Answer, Check, Graph, Severity, Verdict, all_of, parameter, require
from iac_ec2lint.api.resources import Instance, NetworkInterface, RouteTable, SeparateRoute
from iac_ec2lint.api.vpc import HostRoute, forwards_traffic, host_routes


class SourceDestCheckDisabled(Check):
    """An instance or interface may send and receive traffic for other addresses.

    ## Why it matters
    Without the check a host sends with addresses that are not its own and receives what is meant
    for others: it can answer in their place, and carry traffic between networks past what separates
    them.

    NAT instances, firewalls and routers need it off, so that hosts which a route leads to, or a
    Gateway Load Balancer, may; `appliance_tags` names others. A default route to a host is the
    lesser finding: such a NAT or firewall is its owner's to patch, and fails alone. Whether a route
    leads to a host in a subnet of a VPC that is declared elsewhere is undecided.

    ## Fails
    ```hcl
    resource "aws_instance" "web" {
      ami               = "ami-0123456789abcdef0"
      source_dest_check = false
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
          SourceDestCheck: false
    ```

    ## Passes
    ```diff hcl
    -  source_dest_check = false
    ```
    ```diff yaml
    -      SourceDestCheck: false
    ```

    ## How to mend it
    Turn source/destination checks on; where a host does NAT, use a NAT gateway.
    Name by `appliance_tags` what forwards traffic without a route of the VPC, such as the nodes of
    a cluster whose pods have addresses of their own.

    ## References
    - [Modify network interface attributes, "Source/destination check"](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/modify-network-interface-attributes.html)
    - [NAT instances](https://docs.aws.amazon.com/vpc/latest/userguide/VPC_NAT_Instance.html)
    """

    code = "NET014"
    name = "source-dest-check-disabled"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (Instance, NetworkInterface, RouteTable, SeparateRoute)
    appliance_tags = parameter.texts(
        help="Tags of hosts that forward traffic for others, each a key or key=value."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each host without checks, and each default route to a host."""
        for host in graph.all(Instance, NetworkInterface):
            off = host.equals("source_dest_check", False)
            if off.truth is not False:
                yield from require(
                    ~off | forwards_traffic(graph, host) | host.carries_tag(*self.appliance_tags),
                    of=host,
                    at=host.place("source_dest_check"),
                    otherwise="source/destination checks are off, and no route leads to it",
                    perhaps="source/destination checks are off, and perhaps no route leads to it"
                    if off.truth
                    else "source/destination checks may be off, though no route leads to it",
                )
        for found in host_routes(graph):
            named = [host.carries_tag(*self.appliance_tags) for host in found.hosts]
            appliance = all_of(named) if named else Answer(False)
            yield from require(
                ~(found.route.is_set(found.relation) & _is_default(found)) | appliance,
                of=found.declaring,
                at=found.route.place(found.relation),
                otherwise=f"a default route leads to {_what(found)}, which forwards for others",
                perhaps=f"a default route may lead to {_what(found)}, to forward for others",
                severity=Severity.LOW,
            )


def _is_default(found: HostRoute) -> Answer:
    """Whether a route is that for all addresses of a family."""
    route = found.route
    return route.equals("cidr_block", "0.0.0.0/0") | route.equals("ipv6_cidr_block", "::/0")


def _what(found: HostRoute) -> str:
    named = ", ".join(host.address for host in found.hosts)
    return named or {"instance": "an instance"}.get(found.relation, "an interface")
