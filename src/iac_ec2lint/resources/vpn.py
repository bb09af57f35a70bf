"""VPNs: Site-to-Site connections with their two tunnels, and what Client VPN endpoints admit."""

from __future__ import annotations

from typing import NamedTuple

from iac_ec2lint.resources.field import boolean, parts, reference, text, texts
from iac_ec2lint.resources.part import Part, Place, Resource
from iac_ec2lint.resources.service_interfaces import ServiceInterfaces
from iac_ec2lint.values import Answer, Data, Val

TUNNELS = (1, 2)


class TunnelSpecification(Part):
    """The options of a tunnel, as CloudFormation lists them: the first is tunnel 1."""

    ike_versions = texts(None, "IKEVersions.Value")
    log_enabled = boolean(None, "LogOptions.CloudwatchLogOptions.LogEnabled", implied=False)
    phase1_dh_groups = texts(None, "Phase1DHGroupNumbers.Value")
    phase1_encryption = texts(None, "Phase1EncryptionAlgorithms.Value")
    phase1_integrity = texts(None, "Phase1IntegrityAlgorithms.Value")
    phase2_dh_groups = texts(None, "Phase2DHGroupNumbers.Value")
    phase2_encryption = texts(None, "Phase2EncryptionAlgorithms.Value")
    phase2_integrity = texts(None, "Phase2IntegrityAlgorithms.Value")
    preshared_key = text(None, "PreSharedKey")


class Tunnel(NamedTuple):
    """One of the two tunnels of a connection, by the names of ``TunnelSpecification``'s fields.

    Attributes:
        number: 1 or 2.
        part: What has its options as fields.
        prefix: What their names begin with there.
        absent: Where its options would be, if none is written and they would be a list's.
    """

    number: int
    part: Part
    prefix: str = ""
    absent: Place | None = None

    @property
    def there(self) -> Answer:
        """Whether its options are certain to be there."""
        return self.part.presence.answer

    def one(self, name: str) -> Val | None:
        """An option of one value; ``None`` where it is not set and has no default."""
        found: Val | None = getattr(self.part, self.prefix + name)
        return found

    def equals(self, name: str, *accepted: Data) -> Answer:
        """Whether an option of one value is one of ``accepted``."""
        return self.part.equals(self.prefix + name, *accepted)

    def several(self, name: str) -> tuple[Val, ...]:
        """An option that is a list."""
        found: tuple[Val, ...] = getattr(self.part, self.prefix + name)
        return found

    def place(self, name: str, value: Val | None = None) -> Place:
        """The place of an option, to point at."""
        return self.absent or self.part.place(self.prefix + name, value)


class VpnConnection(Resource):
    """A Site-to-Site VPN connection (its User Guide, "Tunnel options"): always two tunnels."""

    terraform = ("aws_vpn_connection",)
    cloudformation = ("AWS::EC2::VPNConnection",)

    specifications = parts(TunnelSpecification, None, "VpnTunnelOptionsSpecifications")
    tunnel1_ike_versions = texts("tunnel1_ike_versions", None)
    tunnel1_log_enabled = boolean(
        "tunnel1_log_options.cloudwatch_log_options.log_enabled", None, implied=False
    )
    tunnel1_phase1_dh_groups = texts("tunnel1_phase1_dh_group_numbers", None)
    tunnel1_phase1_encryption = texts("tunnel1_phase1_encryption_algorithms", None)
    tunnel1_phase1_integrity = texts("tunnel1_phase1_integrity_algorithms", None)
    tunnel1_phase2_dh_groups = texts("tunnel1_phase2_dh_group_numbers", None)
    tunnel1_phase2_encryption = texts("tunnel1_phase2_encryption_algorithms", None)
    tunnel1_phase2_integrity = texts("tunnel1_phase2_integrity_algorithms", None)
    tunnel1_preshared_key = text("tunnel1_preshared_key", None)
    tunnel2_ike_versions = texts("tunnel2_ike_versions", None)
    tunnel2_log_enabled = boolean(
        "tunnel2_log_options.cloudwatch_log_options.log_enabled", None, implied=False
    )
    tunnel2_phase1_dh_groups = texts("tunnel2_phase1_dh_group_numbers", None)
    tunnel2_phase1_encryption = texts("tunnel2_phase1_encryption_algorithms", None)
    tunnel2_phase1_integrity = texts("tunnel2_phase1_integrity_algorithms", None)
    tunnel2_phase2_dh_groups = texts("tunnel2_phase2_dh_group_numbers", None)
    tunnel2_phase2_encryption = texts("tunnel2_phase2_encryption_algorithms", None)
    tunnel2_phase2_integrity = texts("tunnel2_phase2_integrity_algorithms", None)
    tunnel2_preshared_key = text("tunnel2_preshared_key", None)

    @property
    def tunnels(self) -> tuple[Tunnel, ...]:
        """Both tunnels; more where which specifications there are hangs on something unknown."""
        if "::" not in self.type:
            return tuple(Tunnel(number, self, f"tunnel{number}_") for number in TUNNELS)
        found = [
            Tunnel(number, part)
            for part in self.specifications
            for number in _numbers(part)
            if number in TUNNELS
        ]
        absent = self.place("specifications")
        rest = sorted(set(TUNNELS) - {tunnel.number for tunnel in found})
        return (*found, *(Tunnel(number, self, f"tunnel{number}_", absent) for number in rest))


def _numbers(specification: TunnelSpecification) -> tuple[int, ...]:
    """Which tunnels a specification is of: by its index; of an unknown list it may be any."""
    index = specification.path.rpartition("[")[2].removesuffix("]")
    return (int(index) + 1,) if index.isdigit() else TUNNELS


class ClientVpnEndpoint(ServiceInterfaces):
    """A Client VPN endpoint (AWS Client VPN Administrator Guide)."""

    terraform = ("aws_ec2_client_vpn_endpoint",)
    cloudformation = ("AWS::EC2::ClientVpnEndpoint",)

    authentication = texts("authentication_options.type", "AuthenticationOptions.Type")
    log_enabled = boolean("connection_log_options.enabled", "ConnectionLogOptions.Enabled")
    log_group = reference(
        "connection_log_options.cloudwatch_log_group", "ConnectionLogOptions.CloudwatchLogGroup"
    )
    vpc = reference("vpc_id", "VpcId", to=("Vpc",))


class ClientVpnAssociation(Resource):
    """A subnet that a Client VPN endpoint has an interface in."""

    terraform = ("aws_ec2_client_vpn_network_association",)
    cloudformation = ("AWS::EC2::ClientVpnTargetNetworkAssociation",)

    client_vpn_endpoint = reference(
        "client_vpn_endpoint_id", "ClientVpnEndpointId", to=("ClientVpnEndpoint",)
    )
    subnet = reference("subnet_id", "SubnetId", to=("Subnet",))


class ClientVpnAuthorization(Resource):
    """Which clients may send to a network: a group of them, or all."""

    terraform = ("aws_ec2_client_vpn_authorization_rule",)
    cloudformation = ("AWS::EC2::ClientVpnAuthorizationRule",)

    access_group = text("access_group_id", "AccessGroupId")
    all_groups = boolean("authorize_all_groups", "AuthorizeAllGroups", implied=False)
    client_vpn_endpoint = reference(
        "client_vpn_endpoint_id", "ClientVpnEndpointId", to=("ClientVpnEndpoint",)
    )
    target_cidr = text("target_network_cidr", "TargetNetworkCidr")
