from collections.abc import Iterator

from iac_ec2lint.api import (
    NO,
    Answer,
    Check,
    Evidence,
    Graph,
    Remark,
    Severity,
    Val,
    Verdict,
    parameter,
    set_to,
)
from iac_ec2lint.api.compute import HOST_TYPES, HostMetadata, decisions, is_container_host
from iac_ec2lint.api.resources import EmrSecurityConfiguration, InfrastructureConfiguration


class ImdsHopLimitAboveOne(Check):
    """Metadata responses travel more than one network hop, so containers or proxies on the host can obtain role credentials.

    ## Why it matters
    With a limit of 1 the answer to a token request does not leave the host, so a container behind
    a bridge, or a proxy that forwards requests, cannot fetch a token. A host of containers whose
    tasks use the instance's role needs 2; such hosts (by their image or their boot script) may.

    ## Fails
    ```hcl
    resource "aws_instance" "web" {
      ami           = "ami-0123456789abcdef0"
      instance_type = "t3.micro"
      metadata_options {
        http_tokens                 = "required"
        http_put_response_hop_limit = 3
      }
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::EC2::LaunchTemplate
        Properties:
          LaunchTemplateData:
            ImageId: ami-0123456789abcdef0
            MetadataOptions: {HttpTokens: required, HttpPutResponseHopLimit: 3}
    ```

    ## Passes
    ```diff hcl
    -    http_put_response_hop_limit = 3
    +    http_put_response_hop_limit = 1
    ```
    ```diff yaml
    -        MetadataOptions: {HttpTokens: required, HttpPutResponseHopLimit: 3}
    +        MetadataOptions: {HttpTokens: required, HttpPutResponseHopLimit: 1}
    ```

    ## How to mend it
    Set `http_put_response_hop_limit` (`HttpPutResponseHopLimit`) to 1.

    ## References
    - [Instance metadata options](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html)
    - [Considerations for containers](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html)
    """  # noqa: E501 - the summary is one line

    code = "IMDS002"
    name = "imds-hop-limit-above-one"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (*HOST_TYPES, EmrSecurityConfiguration, InfrastructureConfiguration)
    max_hops = parameter.integer(
        default=1, minimum=1, maximum=64, help="The most hops that a response may take."
    )
    container_host_max_hops = parameter.integer(
        default=2, minimum=1, maximum=64, help="The same for hosts that run containers."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict | Remark]:
        """A verdict for each place that decides a limit that is too high for one of its hosts."""
        for decision in decisions(graph, "http_put_response_hop_limit"):
            unsafe: list[tuple[bool, bool, str, HostMetadata, Answer]] = []
            for one in decision.hosts:
                contained = _contained(graph, one)
                safe = self._safe(one, contained)
                if safe.truth is True:
                    continue
                if one.hop_limit.source == "image":
                    words = "the image requires IMDSv2, which raises the hop limit to 2"
                    yield Remark("hop-limit-of-image", decision.resource, decision.place, words)
                    continue
                words = self._words(one.hop_limit.value, contained, safe)
                unsafe.append((safe.truth is None, not one.running.certain, words, one, safe))
            if unsafe:
                undecided, _, words, worst, safe = min(unsafe, key=lambda each: each[:3])
                yield Verdict(
                    subject=decision.resource,
                    at=decision.place_for(worst),
                    message=words,
                    undecided=undecided,
                    causes=safe.causes,
                    evidence=tuple(
                        Evidence(
                            h.host.span, f"{h.host.address} is launched with it", h.host.address
                        )
                        for h in decision.hosts
                        if h.host is not decision.resource
                    ),
                    fix=None
                    if worst.hop_limit.source == "configuration"
                    else set_to(self.max_hops),
                )

    def _safe(self, one: HostMetadata, contained: Answer) -> Answer:
        """Whether the limit is low enough for a host, or nothing answers at all."""
        limit = one.hop_limit
        for_containers = contained & limit.equals(*range(self.container_host_max_hops + 1))
        return limit.equals(*range(self.max_hops + 1)) | for_containers | ~one.enabled

    def _words(self, hops: Val, contained: Answer, safe: Answer) -> str:
        limit = self.container_host_max_hops if contained.truth is True else self.max_hops
        # Of several candidates that are all too high, none is the one.
        number = f"{hops.number}, " if hops.number is not None else ""
        if safe.truth is False:
            return f"the hop limit is {number}above {limit}"
        if number and contained.truth is None:
            return f"the hop limit is {number}above {limit}, which only a container host needs"
        return f"the hop limit may be above {limit}"


def _contained(graph: Graph, one: HostMetadata) -> Answer:
    return NO if one.launch is None else is_container_host(graph, one.launch)
