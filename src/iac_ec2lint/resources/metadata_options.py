"""Instance metadata options: a part of instances, templates, configurations and fleets."""

from iac_ec2lint.resources.field import number, text
from iac_ec2lint.resources.part import Part


class MetadataOptions(Part):
    """How a host exposes the Instance Metadata Service (IMDS).

    What AWS does where an option is absent hangs on the account and the image, so nothing is
    implied here: ``graph.metadata`` decides it (semantics.md, F).
    """

    http_endpoint = text("http_endpoint", "HttpEndpoint")
    http_protocol_ipv6 = text("http_protocol_ipv6", "HttpProtocolIpv6")
    http_put_response_hop_limit = number("http_put_response_hop_limit", "HttpPutResponseHopLimit")
    http_tokens = text("http_tokens", "HttpTokens")
    instance_metadata_tags = text("instance_metadata_tags", "InstanceMetadataTags")
