from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, require
from iac_ec2lint.api.resources import ClientVpnEndpoint, VpnConnection


class VpnLoggingDisabled(Check):
    """A VPN into the VPC keeps no connection log.

    ## Why it matters
    A VPN leads past every control that watches the internet. Without its log nobody can say who
    connected, when and from where, or which negotiation of a tunnel failed: the first questions
    after credentials are stolen.

    ## Fails
    ```hcl
    resource "aws_vpn_connection" "office" {
      customer_gateway_id = "cgw-0123456789abcdef0"
      vpn_gateway_id      = "vgw-0123456789abcdef0"
      type                = "ipsec.1"
    }
    ```
    ```yaml
    Resources:
      Office:
        Type: AWS::EC2::VPNConnection
        Properties:
          CustomerGatewayId: cgw-0123456789abcdef0
          VpnGatewayId: vgw-0123456789abcdef0
          Type: ipsec.1
    ```

    ## Passes
    ```diff hcl
       type                = "ipsec.1"
    +  tunnel1_log_options {
    +    cloudwatch_log_options {
    +      log_enabled   = true
    +      log_group_arn = aws_cloudwatch_log_group.vpn.arn
    +    }
    +  }
    +  tunnel2_log_options {
    +    cloudwatch_log_options {
    +      log_enabled   = true
    +      log_group_arn = aws_cloudwatch_log_group.vpn.arn
    +    }
    +  }
    ```
    ```diff yaml
           Type: ipsec.1
    +      VpnTunnelOptionsSpecifications:
    +        - LogOptions:
    +            CloudwatchLogOptions:
    +              LogEnabled: true
    +              LogGroupArn: arn:aws:logs:eu-west-1:123456789012:log-group:vpn
    +        - LogOptions:
    +            CloudwatchLogOptions:
    +              LogEnabled: true
    +              LogGroupArn: arn:aws:logs:eu-west-1:123456789012:log-group:vpn
    ```

    ## How to mend it
    Send the logs of both tunnels, or of the Client VPN endpoint, to a CloudWatch log group.

    ## References
    - [AWS Site-to-Site VPN logs](https://docs.aws.amazon.com/vpn/latest/s2svpn/monitoring-logs.html)
    - [Enable connection logging for Client VPN](https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-with-connection-logging.html)
    """

    code = "NET017"
    name = "vpn-logging-disabled"
    severity = Severity.LOW
    since = "0.1.0"
    types = (ClientVpnEndpoint, VpnConnection)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each tunnel and Client VPN endpoint without a log."""
        for connection in graph.all(VpnConnection):
            for tunnel in connection.tunnels:
                yield from require(
                    tunnel.there & tunnel.equals("log_enabled", True),
                    of=connection,
                    at=tunnel.place("log_enabled"),
                    otherwise=f"tunnel {tunnel.number} keeps no log",
                    perhaps=f"tunnel {tunnel.number} may keep no log",
                    value=f"tunnel {tunnel.number}",
                )
        for endpoint in graph.all(ClientVpnEndpoint):
            yield from require(
                endpoint.equals("log_enabled", True) & endpoint.is_set("log_group"),
                of=endpoint,
                at=endpoint.place("log_enabled"),
                otherwise="the Client VPN endpoint keeps no connection log",
                perhaps="the Client VPN endpoint may keep no connection log",
            )
