from collections.abc import Iterator

from iac_ec2lint.api import Check, Evidence, Graph, Severity, Verdict, require
from iac_ec2lint.api.resources import FlowLog, Vpc, VpcDataSource
from iac_ec2lint.api.vpc import recording, said_to_be_recorded


class VpcFlowLogsMissing(Check):
    """Traffic in a VPC is not recorded by flow logs, or rejected traffic is left out.

    ## Why it matters
    After a break-in nobody can say who connected to what, and what was copied where. Rejected
    traffic is what shows a scan while it lasts.

    A flow log of the VPC counts, or ones of all its subnets or interfaces, if it records rejected
    traffic and has all that it needs to deliver: a destination, and for a log group a role as well.
    One of a transit gateway does not see what stays within the VPC.

    ## Fails
    ```hcl
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }
    ```
    ```yaml
    Resources:
      Vpc:
        Type: AWS::EC2::VPC
        Properties:
          CidrBlock: 10.0.0.0/16
    ```

    ## Passes
    ```diff hcl
     }
    +resource "aws_flow_log" "main" {
    +  vpc_id               = aws_vpc.main.id
    +  traffic_type         = "ALL"
    +  log_destination_type = "s3"
    +  log_destination      = "arn:aws:s3:::flow-logs-of-example"
    +}
    ```
    ```diff yaml
           CidrBlock: 10.0.0.0/16
    +  Log:
    +    Type: AWS::EC2::FlowLog
    +    Properties:
    +      ResourceId: !Ref Vpc
    +      ResourceType: VPC
    +      TrafficType: ALL
    +      LogDestinationType: s3
    +      LogDestination: arn:aws:s3:::flow-logs-of-example
    ```

    ## How to mend it
    Add a flow log for the VPC with traffic type `ALL` to a protected log group or bucket.

    ## References
    - [Logging IP traffic using VPC Flow Logs](https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html)
    - [CreateFlowLogs](https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html)
    - [EC2 User Guide, infrastructure security](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/infrastructure-security.html)
    """

    code = "NET004"
    name = "vpc-flow-logs-missing"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (Vpc, VpcDataSource)
    supplied_by = (FlowLog,)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each VPC whose traffic is not recorded, or may not be."""
        for vpc in graph.all(Vpc):
            answer, logs = recording(graph, vpc)
            yield from require(
                answer,
                of=vpc,
                at=vpc,
                otherwise=(
                    "no flow log of the VPC records rejected traffic and can deliver"
                    if logs
                    else "no flow log records the traffic of the VPC"
                ),
                perhaps="whether flow logs record the traffic of the VPC is not known",
                evidence=tuple(hop for log in logs for hop in _lacks(log)),
                value="unrecorded",
            )
        for looked_up in graph.all(VpcDataSource):
            if recording(graph, looked_up).answer.truth is not True:
                yield from require(
                    said_to_be_recorded(graph, looked_up),
                    of=looked_up,
                    at=looked_up,
                    otherwise="no flow log records the traffic of the VPC",
                    perhaps="whether flow logs record the traffic of the VPC is not known",
                    value="unrecorded",
                )


def _lacks(log: FlowLog) -> Iterator[Evidence]:
    """What a flow log lacks."""
    if log.records_rejected.truth is False:
        yield Evidence(
            log.place("traffic_type").span,
            f"{log.address} leaves out rejected traffic",
            log.address,
        )
    if log.delivers.truth is False:
        lacking = "a destination"
        if (log.is_set("destination") | log.is_set("log_group")).truth is True:
            lacking = "a role by which it may write to its log group"
        yield Evidence(log.span, f"{log.address} lacks {lacking}", log.address)
