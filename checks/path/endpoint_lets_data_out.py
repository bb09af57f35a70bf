from collections.abc import Iterator

from iac_ec2lint.api import Answer, Check, Evidence, Graph, Question, Severity, Verdict
from iac_ec2lint.api.attack import AttackEntry, InstanceRole, roles_behind, tcp_entries
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.endpoints import (
    EndpointWay,
    carries_data,
    confined,
    endpoint_access,
    endpoint_policies,
    endpoint_policy_is_unset,
    endpoint_ways,
    service_of_endpoint,
    supports_endpoint_policies,
)
from iac_ec2lint.api.iam import PolicyDocument, reads_data
from iac_ec2lint.api.verdicts import (
    WorstVerdicts,
    as_known,
    can,
    hop_evidence,
    path_verdict,
    via_words,
)


class EndpointLetsDataOut(Check):
    """An exposed host without another way out can send data to foreign accounts through an endpoint with full access.

    ## Why it matters
    A host in a private subnet without a NAT gateway seems unable to send anything out. A VPC
    endpoint whose policy lets everybody do everything is a way all the same: to a bucket or a
    table of somebody else, with credentials of somebody else.

    It is reported for hosts that the internet reaches through a load balancer, that have no route
    to the internet of their own, and whose role reads data. A policy that limits the principals
    alone, or the resources alone, passes here. So does an endpoint of a service that takes no data
    which its caller could leave in another account, such as STS or KMS. An interface endpoint
    counts where its security groups, and the host's, let HTTPS through; whether it has private DNS
    does not matter, since it has names of its own.

    ## Fails
    On [docs/stages/balanced-instance](../stages/README.md), an instance in a private subnet behind
    a load balancer: a role that reads data, and an endpoint:
    ```diff hcl stage=balanced-instance
    +resource "aws_iam_role_policy_attachment" "host" {
    +  role       = aws_iam_role.host.name
    +  policy_arn = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
    +}
    +resource "aws_vpc_endpoint" "s3" {
    +  vpc_id          = aws_vpc.main.id
    +  service_name    = "com.amazonaws.eu-west-1.s3"
    +  route_table_ids = [aws_route_table.private.id]
    +}
    ```
    ```diff yaml stage=balanced-instance
     Resources:
    +  S3:
    +    Type: AWS::EC2::VPCEndpoint
    +    Properties:
    +      VpcId: !Ref Vpc
    +      ServiceName: com.amazonaws.eu-west-1.s3
    +      RouteTableIds: [!Ref PrivateTable]
       HostRole:
                 Principal: {Service: ec2.amazonaws.com}
    +      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3FullAccess"]
    ```

    ## Passes
    ```diff hcl
       route_table_ids = [aws_route_table.private.id]
    +  policy = jsonencode({
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
    +  })
    ```
    ```diff yaml
           RouteTableIds: [!Ref PrivateTable]
    +      PolicyDocument:
    +        Statement:
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
    Limit the policy to your organisation (`aws:PrincipalOrgID`, `aws:ResourceOrgID`).

    ## References
    - [Interface VPC endpoints of Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/interface-vpc-endpoints.html)
    - [Control access to VPC endpoints using endpoint policies](https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html)
    """  # noqa: E501 - the summary is one line

    code = "PATH017"
    name = "endpoint-lets-data-out"
    severity = Severity.MEDIUM
    since = "0.1.0"
    asks = Question(("internet",), ("reaches", "copies out"), ("thing",))
    types = HOST_TYPES

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each host behind a load balancer and each endpoint that lets data out."""
        found = WorstVerdicts()
        for entry in tcp_entries(graph):
            if entry.entrance.balancer is None:
                continue
            alone = confined(graph, entry.entrance.workload)
            if alone.truth is False:
                continue
            for held in roles_behind(graph, entry):
                reads = alone & held.answer & reads_data(held.role)
                if reads.truth is False:
                    continue
                for way in endpoint_ways(graph, entry.entrance.workload):
                    answer = reads & way.answer & carries_data(way.endpoint) & _is_full(graph, way)
                    if answer.truth is not False:
                        key = (entry.resource.address, way.endpoint.address)
                        found.add(key, _verdict(graph, entry, held, way, answer, alone))
        yield from found


def _is_full(graph: Graph, way: EndpointWay) -> Answer:
    """Whether strangers may do something to strange resources through the endpoint."""
    endpoint = way.endpoint
    name = endpoint.service_name
    service = service_of_endpoint(name) if name is not None else None
    full = endpoint_policy_is_unset(graph, endpoint)
    for policy in endpoint_policies(graph, endpoint):
        default = PolicyDocument.full_access(endpoint.span)
        document = PolicyDocument.read(policy.value, default)
        full = full | endpoint_access(document, service).full
    return supports_endpoint_policies(endpoint) & full


def _verdict(
    graph: Graph,
    entry: AttackEntry,
    held: InstanceRole,
    way: EndpointWay,
    answer: Answer,
    alone: Answer,
) -> Verdict:
    endpoint = way.endpoint
    policies = endpoint_policies(graph, endpoint)
    place = policies[0].place.span if policies else endpoint.span
    return path_verdict(
        graph,
        entry,
        f"{entry.resource.address}, which the internet reaches{via_words(entry)}, "
        f"{can(entry.answer & answer)} send what role "
        f"{held.role.resource.address} reads to foreign accounts through {endpoint.address}, "
        f"though it {'has no route' if alone.truth else 'may have no way'} to the internet",
        answer,
        severity=Severity.MEDIUM,
        hops=(
            *held.hops,
            *hop_evidence(way.hops),
            Evidence(
                place,
                as_known(
                    _is_full(graph, way),
                    f"the policy of {endpoint.address} lets everybody act on everybody's resources",
                    f"the policy of {endpoint.address} may let everybody act on all resources",
                ),
                endpoint.address,
            ),
        ),
        edits=(
            Evidence(
                place,
                "limit the endpoint's policy to your organisation's principals and resources",
                endpoint.address,
            ),
        ),
        target=endpoint.address,
        also=(endpoint, held.role.resource),
        at=(endpoint.place("service_name"), endpoint),
    )
