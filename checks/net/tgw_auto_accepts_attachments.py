from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, require, set_to
from iac_ec2lint.api.resources import TransitGateway


class TgwAutoAcceptsAttachments(Check):
    """A transit gateway accepts any shared VPC attachment without review.

    ## Why it matters
    A transit gateway is shared with other accounts through AWS RAM. With automatic acceptance,
    whoever has one of these accounts joins a VPC to the network that all attachments share, and
    nobody looks at it first.

    ## Fails
    ```hcl
    resource "aws_ec2_transit_gateway" "hub" {
      auto_accept_shared_attachments = "enable"
    }
    ```
    ```yaml
    Resources:
      Hub:
        Type: AWS::EC2::TransitGateway
        Properties:
          AutoAcceptSharedAttachments: enable
    ```

    ## Passes
    ```hcl
    resource "aws_ec2_transit_gateway" "hub" {
      auto_accept_shared_attachments = "disable"
    }
    ```
    ```diff yaml
    -      AutoAcceptSharedAttachments: enable
    +      AutoAcceptSharedAttachments: disable
    ```

    ## How to mend it
    Set `auto_accept_shared_attachments` (`AutoAcceptSharedAttachments`) to `disable`. Accept
    each attachment by hand, or declare its accepter in the account that owns the gateway.

    ## References
    - [Work with transit gateways](https://docs.aws.amazon.com/vpc/latest/tgw/tgw-transit-gateways.html)
    - [Accept a shared attachment](https://docs.aws.amazon.com/vpc/latest/tgw/acccept-tgw-attach.html)
    """

    code = "NET013"
    name = "tgw-auto-accepts-attachments"
    severity = Severity.HIGH
    since = "0.1.0"
    types = (TransitGateway,)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each transit gateway that accepts, or may accept, whoever asks."""
        for gateway in graph.all(TransitGateway):
            yield from require(
                ~gateway.equals("auto_accept_shared_attachments", "enable"),
                of=gateway,
                at=gateway.place("auto_accept_shared_attachments"),
                otherwise="attachments of other accounts are accepted without review",
                perhaps="attachments of other accounts may be accepted without review",
                fix=set_to("disable"),
            )
