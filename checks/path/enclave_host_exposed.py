from collections.abc import Iterator

from iac_ec2lint.api import Check, Confidence, Graph, Question, Severity, Verdict, parameter
from iac_ec2lint.api.attack import ExposedEnclave, exposed_enclaves
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.network import TCP, describe_ports
from iac_ec2lint.api.verdicts import hop_evidence

_WORDS = {
    "address": "a public address",
    "route": "a route to the internet gateway",
    "security group": "a group that is open to the internet",
}
"""What exposes a parent, by the kinds of hops."""


class EnclaveHostExposed(Check):
    """The parent instance of a Nitro Enclave is exposed to the internet.

    ## Why it matters
    An enclave has no network of its own: all that comes to it comes through its parent instance.
    Hosts of confidential workloads therefore belong where the internet has no way to them at all:
    no public address, no route to an internet gateway, no rule that admits the internet. Each of
    these fails by itself, since one change of another would complete the way. Open ports on which
    vsock proxies usually listen, `vsock_ports` (5000, 8000-8090, 9000), are named.

    ## Fails
    On [docs/stages/public-instance](../stages/README.md), an instance that the internet reaches
    over HTTPS: made the parent of an enclave:
    ```diff hcl stage=public-instance
     resource "aws_instance" "host" {
    -  instance_type          = "t3.micro"
    +  instance_type          = "m5.xlarge"
       vpc_security_group_ids = [aws_security_group.host.id]
    +  enclave_options {
    +    enabled = true
    +  }
    ```
    ```diff yaml stage=public-instance
       Host:
    -      InstanceType: t3.micro
    +      InstanceType: m5.xlarge
             HttpTokens: required
    +      EnclaveOptions: {Enabled: true}
    ```

    ## Passes
    ```diff hcl
     resource "aws_vpc_security_group_ingress_rule" "https" {
    -  cidr_ipv4         = "0.0.0.0/0"
    +  cidr_ipv4         = "10.0.0.0/16"
     resource "aws_instance" "host" {
    -  subnet_id              = aws_subnet.public.id
    +  subnet_id              = aws_subnet.private.id
    ```
    ```diff yaml
       HostGroup:
    -        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
    +        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/16}
       Host:
    -      SubnetId: !Ref PublicSubnet
    +      SubnetId: !Ref PrivateSubnet
    ```

    ## How to mend it
    Keep enclave hosts in private subnets behind a load balancer.

    ## References
    - [AWS Nitro Enclaves concepts](https://docs.aws.amazon.com/enclaves/latest/user/nitro-enclave-concepts.html)
    - [Infrastructure security in Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/infrastructure-security.html)
    """

    code = "PATH012"
    name = "enclave-host-exposed"
    severity = Severity.HIGH
    since = "0.1.0"
    asks = Question(("internet",), ("reaches",), ("host",))
    types = HOST_TYPES
    vsock_ports = parameter.ports(
        default=(5000, "8000-8090", 9000), help="Ports on which proxies to enclaves usually listen."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each launch of hosts of enclaves."""
        for enclave in exposed_enclaves(graph, self.vsock_ports):
            undecided = enclave.answer.truth is None
            yield Verdict(
                subject=enclave.host,
                resource=enclave.declaring,
                at=enclave.place,
                message=_message(enclave),
                causes=enclave.answer.causes,
                undecided=undecided,
                evidence=hop_evidence(enclave.hops),
                severity=self.severity,
                confidence=Confidence.POSSIBLE if undecided else None,
                assumptions=tuple(step for hop in enclave.hops for step in hop.assumptions),
                value=" ".join(sorted({hop.kind for hop in enclave.hops})),
            )


def _message(enclave: ExposedEnclave) -> str:
    kinds = {hop.kind for hop in enclave.hops}
    has = " and ".join(words for kind, words in _WORDS.items() if kind in kinds)
    verb = "has" if enclave.answer.truth else "may have"
    parent = "the parent of a Nitro Enclave"
    if not enclave.enabled.truth:
        parent = "perhaps a Nitro Enclave's parent"
    listening = ""
    if enclave.proxies:
        listening = f"; a vsock proxy may listen on {describe_ports(TCP, enclave.proxies)}"
    return f"{enclave.host.address}, {parent}, {verb} {has}{listening}"
