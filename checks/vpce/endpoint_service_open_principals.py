from collections.abc import Iterator

from iac_ec2lint.api import (
    NO,
    YES,
    Answer,
    Check,
    Evidence,
    Graph,
    Resource,
    Severity,
    Unknown,
    Val,
    Verdict,
    parameter,
    require,
)
from iac_ec2lint.api.endpoints import admits_anybody
from iac_ec2lint.api.resources import EndpointService, EndpointServicePrincipal


class EndpointServiceOpenPrincipals(Check):
    """A PrivateLink endpoint service may be used by any AWS account or by an untrusted one.

    ## Why it matters
    Who is allowed may make endpoints to the service from an account of their own, and once accepted
    is inside the network of its targets, whose security groups see no stranger. `*` allows every
    AWS account there is.

    It is critical where nobody has to accept a connection. Principals of named accounts fail only
    where `trusted_accounts` is set and has not theirs.

    ## Fails
    ```hcl
    resource "aws_vpc_endpoint_service" "orders" {
      acceptance_required = true
      allowed_principals  = ["*"]
    }
    ```
    ```yaml
    Resources:
      Consumers:
        Type: AWS::EC2::VPCEndpointServicePermissions
        Properties:
          ServiceId: vpce-svc-0123456789abcdef0
          AllowedPrincipals: ["*"]
    ```

    ## Passes
    ```diff hcl
    -  allowed_principals  = ["*"]
    +  allowed_principals  = ["arn:aws:iam::111122223333:role/consumer"]
    ```
    ```diff yaml
    -      AllowedPrincipals: ["*"]
    +      AllowedPrincipals: ["arn:aws:iam::111122223333:role/consumer"]
    ```

    ## How to mend it
    List the ARNs of the accounts, roles or users that consume the service in place of `*`.

    ## References
    - [Manage permissions of an endpoint service](https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html#add-remove-permissions)
    """

    code = "VPCE010"
    name = "endpoint-service-open-principals"
    severity = Severity.CRITICAL
    since = "0.1.0"
    types = (EndpointService, EndpointServicePrincipal)
    trusted_accounts = parameter.TRUSTED_ACCOUNTS

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each principal that is, or may be, anybody or of a strange account."""
        for service in graph.all(EndpointService):
            for value in service.allowed_principals:
                yield from self._judge(value, service, "allowed_principals", service)
        for declaring in graph.all(EndpointServicePrincipal):
            [*edges] = graph.targets(declaring, "endpoint_service")
            named = edges[0].target if len(edges) == 1 else None
            for value in declaring.principals:
                yield from self._judge(value, declaring, "principals", named)

    def _judge(
        self,
        value: Val,
        declaring: EndpointService | EndpointServicePrincipal,
        field: str,
        service: Resource | None,
    ) -> Iterator[Verdict]:
        anybody = admits_anybody(value)
        free = NO
        evidence: tuple[Evidence, ...] = ()
        if isinstance(service, EndpointService) and service.acceptance_required is not None:
            free = ~service.acceptance_required.is_true()
            if free.truth is True:
                span = service.acceptance_required.span
                evidence = (Evidence(span, "nobody has to accept a connection", service.address),)
        trusted = self._trusts(value)
        broad = anybody.truth is not False
        yield from require(
            ~anybody & trusted,
            of=declaring,
            at=declaring.place(field, value),
            otherwise="every AWS account may make endpoints to the service"
            if broad
            else f'a principal of an account that is not trusted is allowed: "{value.text}"',
            perhaps="every AWS account may be allowed to make endpoints to the service"
            if broad
            else "a principal of an account that is not trusted may be allowed",
            severity=None if broad and free.truth is True else Severity.HIGH,
            evidence=evidence if broad else (),
        )

    def _trusts(self, value: Val) -> Answer:
        """Whether a principal is of a trusted account, or nobody said which are trusted."""
        if not self.trusted_accounts or _is_own(value):
            return YES
        return value.test(lambda data: _account(str(data)) in self.trusted_accounts)


def _is_own(value: Val) -> bool:
    """Whether a principal is read from a resource of the unit, or is who deploys it."""
    if isinstance(value, Unknown):
        found = value.references
    else:
        found = () if value.of is None else (value.of,)
    return any(
        one.cause == "computed" or "data.aws_caller_identity." in one.target for one in found
    )


def _account(principal: str) -> str:
    """The account of an ARN; what is no ARN may be its number."""
    return principal.split(":")[4] if principal.count(":") > 4 else principal
