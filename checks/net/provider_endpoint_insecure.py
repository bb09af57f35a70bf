import re
from collections.abc import Iterator
from typing import Final

from iac_ec2lint.api import (
    NO,
    Answer,
    Check,
    Graph,
    Place,
    Severity,
    Unknown,
    Val,
    Verdict,
    all_of,
    parameter,
    require,
)
from iac_ec2lint.api.compute import provisioners
from iac_ec2lint.api.resources import Instance, NullResource, Provider
from iac_ec2lint.api.scripts import SCRIPT_TYPES, BootScript, boot_scripts, script_actions, variants

_SERVICES: Final = frozenset(
    {
        "autoscaling",
        "ebs",
        "ec2",
        "elasticloadbalancing",
        "elasticloadbalancingv2",
        "elb",
        "elbv2",
        "iam",
        "imagebuilder",
        "kms",
        "secretsmanager",
        "ssm",
        "sts",
    }
)
"""The services that work with EC2 calls, as the provider names them."""
_UNVERIFIED: Final = "--no-verify-ssl"
_HERE: Final = ("localhost", "127.", "[::1]", "host.docker.internal")
_NAMES_OF_HERE: Final = (".localhost", ".localhost.localstack.cloud")
_NAMES_OF_AWS: Final = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")
_ENDPOINT: Final = re.compile(
    r"""(?:--endpoint-url[=\s]|\bAWS_ENDPOINT_URL\w*\s*=)\s*["']?(?:http|HTTP)://([^\s"'/:]+)"""
)
"""The host of an endpoint in plain HTTP that the AWS CLI or an SDK is told of."""


class ProviderEndpointInsecure(Check):
    """A provider or a script calls AWS without verifying TLS, or in plain HTTP.

    ## Why it matters
    Whoever stands between the tool and AWS answers in its place: they read what is sent, user data
    and passwords among it, and choose what the tool believes to exist. Without verification TLS
    keeps nobody out.

    Emulators are no AWS: endpoints of the same machine, names without a dot, and providers whose
    access key is none that AWS gives are spared. Custom endpoints count for the services that EC2
    work needs, not for those that others offer too, such as S3; in scripts, those of AWS's names.

    ## Fails
    ```hcl
    provider "aws" {
      region   = "eu-west-1"
      insecure = true
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
          UserData:
            Fn::Base64: |
              #!/bin/sh
              aws --no-verify-ssl s3 cp s3://releases/web.tar.gz /tmp/
    ```

    ## Passes
    ```diff hcl
    -  insecure = true
    +  endpoints {
    +    ec2 = "https://ec2.eu-west-1.api.aws"
    +  }
    ```
    ```diff yaml
    -          aws --no-verify-ssl s3 cp s3://releases/web.tar.gz /tmp/
    +          aws s3 cp s3://releases/web.tar.gz /tmp/
    ```

    ## How to mend it
    Remove the override, so that calls go to endpoints of AWS by TLS that is verified.

    ## References
    - [Infrastructure security in Amazon EC2, "Network isolation"](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/infrastructure-security.html)
    - [Amazon EC2 service endpoints](https://docs.aws.amazon.com/ec2/latest/devguide/ec2-endpoints.html)
    - [Command line options of the AWS CLI](https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-options.html)
    - [Service-specific endpoints](https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html)
    """

    code = "NET020"
    name = "provider-endpoint-insecure"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (*SCRIPT_TYPES, NullResource, Provider)
    require_fips = parameter.boolean(
        default=False, help="Whether each provider must use FIPS endpoints."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each setting of a provider, and each call of a script, that is insecure."""
        for provider in graph.all(Provider):
            yield from self._of_provider(provider)
        for script, doubt in (one for whole in boot_scripts(graph) for one in variants(whole)):
            line = _insecure_line(script.text)
            unknown = () if line else _unknown_parts(script)
            if line or unknown:
                causes = unknown if not line else () if doubt is None else (doubt,)
                yield Verdict(
                    subject=script.resource,
                    at=script.place._replace(span=script.span_of(line)) if line else script.place,
                    message=_said("the boot script", line, certain=doubt is None),
                    undecided=not line or doubt is not None,
                    causes=causes,
                    value=line or "boot script",
                )
        for resource in graph.all(Instance, NullResource):
            for provisioner in provisioners(resource):
                for name in ("command", "inline", "content"):
                    found = getattr(provisioner, name)
                    for value in found if isinstance(found, tuple) else (found,):
                        line = _insecure_line(value.text if value is not None else None)
                        if line:
                            yield Verdict(
                                subject=resource,
                                at=provisioner.place(name, value),
                                message=_said(f"a {provisioner.label} provisioner", line),
                                value=line,
                            )

    def _of_provider(self, provider: Provider) -> Iterator[Verdict]:
        addresses = [
            (f"{part.path}.{service}", service, value, part)
            for part in provider.endpoints
            for service, value in part.by_service.items()
        ]
        emulated = _is_emulated(provider, [value for _, _, value, _ in addresses])
        yield from require(
            ~provider.equals("insecure", True) | emulated,
            of=provider,
            at=provider.place("insecure"),
            otherwise="the provider believes any certificate: insecure is true",
            perhaps="the provider may believe any certificate: insecure may be true",
        )
        for path, service, value, part in addresses:
            if service in _SERVICES:
                yield from require(
                    ~value.test(_is_plain) | emulated,
                    of=provider,
                    at=Place(value.span, path, value, part.presence),
                    otherwise=f'calls of {service} are sent in clear text: "{value.text}"',
                    perhaps=f"calls of {service} may be sent in clear text",
                )
        if self.require_fips:
            yield from require(
                provider.equals("use_fips_endpoint", True) | emulated,
                of=provider,
                at=provider.place("use_fips_endpoint"),
                otherwise="the provider does not use FIPS endpoints",
                perhaps="the provider may not use FIPS endpoints",
            )


def _is_emulated(provider: Provider, addresses: list[Val]) -> Answer:
    """Whether a provider speaks to an emulator of AWS, and not to AWS.

    Its endpoints are all of the same machine, or its access key is none: AWS's are twenty capitals
    and digits (IAM User Guide, "IAM identifiers").
    """
    key = provider.access_key
    made_up = NO if key is None or isinstance(key, Unknown) else key.test(_is_no_key)
    here = all_of(address.test(_is_here) for address in addresses) if addresses else NO
    return made_up | here


def _is_no_key(key: object) -> bool:
    text = str(key)
    return not (len(text) == 20 and text.isalnum() and text.upper() == text)


def _is_plain(address: object) -> bool:
    """Whether an address is of plain HTTP, and of another machine."""
    return str(address).lower().startswith("http://") and not _is_here(address)


def _is_here(address: object) -> bool:
    """Whether an address is of this machine, or a name without dots, which is never AWS's."""
    text = str(address).lower()
    authority = text.partition("://")[2] or text
    host = authority.partition("/")[0].rpartition("@")[2]
    name = host.partition(":")[0]
    return host.startswith(_HERE) or name.endswith(_NAMES_OF_HERE) or "." not in name


def _unknown_parts(script: BootScript) -> tuple[Unknown, ...]:
    """Why it is not known what a script runs: nothing of it is known, or not all of a document."""
    if script.text is None or script.kind not in ("component", "document", "parameter"):
        return script.causes if script.text is None else ()
    unknown = (one for one in script_actions(script) if one.kind == "unknown")
    return next((one.answer.causes for one in unknown), ())


def _insecure_line(script: str | None) -> str:
    """The first line of a script that verifies nothing, or encrypts nothing; else empty."""
    lines = (line.strip() for line in (script or "").splitlines())
    return next((line for line in lines if not line.startswith("#") and _is_insecure(line)), "")


def _is_insecure(line: str) -> bool:
    if _UNVERIFIED in line:
        return True
    hosts = (found[1].lower() for found in _ENDPOINT.finditer(line))
    return any(host.endswith(_NAMES_OF_AWS) for host in hosts)


def _said(what: str, line: str, *, certain: bool = True) -> str:
    calls = "calls" if certain else "may call"
    if not line:
        return f"{what} may call the AWS CLI with {_UNVERIFIED}, or in clear text"
    if _UNVERIFIED in line:
        return f"{what} {calls} the AWS CLI with {_UNVERIFIED}"
    return f"{what} {calls} AWS in clear text, by an endpoint in plain HTTP"
