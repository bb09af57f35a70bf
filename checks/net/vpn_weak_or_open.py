from collections.abc import Iterator
from typing import Final

from iac_ec2lint.api import (
    NO,
    YES,
    Answer,
    Check,
    Graph,
    Resource,
    Severity,
    Unknown,
    Val,
    Value,
    Verdict,
    all_of,
    any_of,
    parameter,
    require,
)
from iac_ec2lint.api.network import Family, parse_cidr
from iac_ec2lint.api.resources import ClientVpnAuthorization, ClientVpnEndpoint, VpnConnection
from iac_ec2lint.api.vpc import vpc_addresses, vpc_of

_WEAK: Final = {
    "ike_versions": ("IKE version", ("ikev1",)),
    "phase1_dh_groups": ("Diffie-Hellman group", ("2", "5")),
    "phase1_encryption": ("encryption", ("AES128",)),
    "phase1_integrity": ("integrity", ("SHA1",)),
    "phase2_dh_groups": ("Diffie-Hellman group", ("2", "5")),
    "phase2_encryption": ("encryption", ("AES128",)),
    "phase2_integrity": ("integrity", ("SHA1",)),
}
"""By option of a tunnel: what it is about, and what of it is outdated. AES128 is CBC, not GCM."""


class VpnWeakOrOpen(Check):
    """A VPN accepts outdated cryptography, an embedded pre-shared key, or any authenticated client.

    ## Why it matters
    A tunnel is as strong as the weakest algorithms that it accepts: an outdated peer takes them,
    and what is recorded today is broken later. A pre-shared key in the source is known to everybody
    who reads the repository. And a Client VPN that admits every client to the whole network gives
    each stolen login all of it.

    It fails only where an option is set so: AWS's defaults still accept IKEv1 and Diffie-Hellman
    group 2, and fail with `strict`. Where clients have certificates alone, there are no groups to
    name; it is the lesser finding.

    ## Fails
    ```hcl
    resource "aws_vpn_connection" "office" {
      customer_gateway_id                  = "cgw-0123456789abcdef0"
      vpn_gateway_id                       = "vgw-0123456789abcdef0"
      type                                 = "ipsec.1"
      tunnel1_ike_versions                 = ["ikev1", "ikev2"]
      tunnel1_phase1_integrity_algorithms  = ["SHA1"]
      tunnel1_phase1_encryption_algorithms = ["AES128"]
    }
    ```
    ```yaml
    Resources:
      Everybody:
        Type: AWS::EC2::ClientVpnAuthorizationRule
        Properties:
          ClientVpnEndpointId: cvpn-endpoint-0123456789abcdef0
          TargetNetworkCidr: 0.0.0.0/0
          AuthorizeAllGroups: true
    ```

    ## Passes
    ```hcl
    resource "aws_vpn_connection" "office" {
      customer_gateway_id                  = "cgw-0123456789abcdef0"
      vpn_gateway_id                       = "vgw-0123456789abcdef0"
      type                                 = "ipsec.1"
      tunnel1_ike_versions                 = ["ikev2"]
      tunnel1_phase1_integrity_algorithms  = ["SHA2-256"]
      tunnel1_phase1_encryption_algorithms = ["AES256-GCM-16"]
    }
    ```
    ```diff yaml
    -      AuthorizeAllGroups: true
    +      AccessGroupId: S-1-5-21-1111111111-2222222222-3333333333-1001
    ```

    ## How to mend it
    Pin IKEv2, AES-GCM, SHA2 and group 14 or above; keep keys in a secret; name the groups.
    Of Client VPN rules, `access_group_id` takes the place of `authorize_all_groups`, and the target
    is the network that the group needs.

    ## References
    - [Tunnel options for a Site-to-Site VPN connection](https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html)
    - [Client VPN authorization rules](https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-rules.html)
    - [RFC 8247, Algorithm Implementation Requirements for IKEv2](https://www.rfc-editor.org/rfc/rfc8247)
    """

    code = "NET018"
    name = "vpn-weak-or-open"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (ClientVpnAuthorization, VpnConnection)
    strict = parameter.boolean(
        default=False, help="Whether tunnels that keep AWS's default options fail too."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each option, key and authorization that is weak, or may be."""
        for connection in graph.all(VpnConnection):
            yield from self._tunnels(connection)
        for rule in graph.all(ClientVpnAuthorization):
            yield from _authorization(graph, rule)

    def _tunnels(self, connection: VpnConnection) -> Iterator[Verdict]:
        for tunnel in connection.tunnels:
            for option, (what, outdated) in _WEAK.items():
                chosen = tunnel.several(option)
                phase = f" in phase {option[5]}" if option.startswith("phase") else ""
                for value in chosen:
                    yield from require(
                        ~value.equals(*outdated),
                        of=connection,
                        at=tunnel.place(option, value),
                        otherwise=f"tunnel {tunnel.number} accepts {what} {value.text}{phase}",
                        perhaps=f"tunnel {tunnel.number} may accept an outdated {what}{phase}",
                    )
                if self.strict and not chosen:
                    yield Verdict(
                        subject=connection,
                        at=tunnel.place(option),
                        message=f"tunnel {tunnel.number} accepts {what} {outdated[0]}{phase}, "
                        "as AWS does by default",
                        value=f"tunnel {tunnel.number} {option}",
                    )
            key = tunnel.one("preshared_key")
            if key is not None:
                kept = _kept_elsewhere(key)
                if kept.truth is True:
                    continue
                may_be = "is" if kept.truth is False else "may be"
                whose = f"the pre-shared key of tunnel {tunnel.number}"
                yield Verdict(
                    subject=connection,
                    at=tunnel.place("preshared_key"),
                    message=f"{whose} {may_be} in the source",
                    undecided=kept.truth is None,
                    causes=kept.causes,
                    value=whose,
                    quotable=False,
                )


def _kept_elsewhere(key: Val) -> Answer:
    """Whether a key is read from a secret or made at random, so that no source has it.

    One that is null or empty is none: AWS makes one (EC2 API reference,
    VpnTunnelOptionsSpecification, PreSharedKey).
    """
    if isinstance(key, Value):
        return Answer(key.data in (None, ""))
    if key.candidates:
        return all_of(map(_kept_elsewhere, key.candidates))
    return YES if key.references else Answer(None, (key,))


def _authorization(graph: Graph, rule: ClientVpnAuthorization) -> Iterator[Verdict]:
    target = rule.target_cidr
    if target is None:
        return
    endpoints = [edge.target for edge in graph.targets(rule, "client_vpn_endpoint")]
    certificates = [
        all_of(kind.equals("certificate-authentication") for kind in endpoint.authentication)
        for endpoint in endpoints
        if isinstance(endpoint, ClientVpnEndpoint)
    ]
    named = f' to "{target.text}"' if target.text is not None else ""
    yield from require(
        ~(rule.all_groups.is_true() & _is_whole_network(graph, rule, target)),
        of=rule,
        at=rule.place("all_groups"),
        otherwise=f"every client is admitted{named}",
        perhaps=f"every client may be admitted{named}",
        severity=Severity.LOW if any_of(certificates).truth is True else None,
    )


def _is_whole_network(graph: Graph, rule: ClientVpnAuthorization, target: Val) -> Answer:
    """Whether a target is all addresses, or all of the VPC that the endpoint leads into."""
    parsed = parse_cidr(target.text) if target.text is not None else None
    if parsed is None:
        return Answer(None, (target,)) if isinstance(target, Unknown) else NO
    ours = parsed.addresses
    if ours.size == 1 << parsed.family.bits:
        return YES
    if parsed.family is not Family.IPV4:
        return NO
    vpcs = list(_vpcs(graph, rule))
    covered = [vpc_addresses(graph, vpc, Family.IPV4) for vpc in vpcs]
    if any(vpc.upper and not vpc.upper - ours for vpc in covered):
        return YES
    if covered and all(vpc.lower - ours for vpc in covered):
        return NO
    reason = "the addresses of the VPC that the clients are let into are not known"
    return Answer(None, (Unknown(reason, "external-id", target.span),))


def _vpcs(graph: Graph, rule: ClientVpnAuthorization) -> Iterator[Resource]:
    """The VPCs that an endpoint is certainly in: those of its own, or of its subnets."""
    for edge in graph.targets(rule, "client_vpn_endpoint"):
        if not isinstance(edge.target, ClientVpnEndpoint):
            continue
        for named in graph.targets(edge.target, "vpc"):
            if named.target is not None:
                yield named.target
        for association in graph.sources(edge.target, "client_vpn_endpoint"):
            for subnet in graph.targets(association.source, "subnet"):
                vpc = vpc_of(graph, subnet.target) if subnet.target is not None else None
                if vpc is not None:
                    yield vpc
