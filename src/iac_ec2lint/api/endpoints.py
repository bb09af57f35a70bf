"""VPC endpoints: which there are, what they let through, and who reaches them.

When you want to know

- which of AWS's services a VPC endpoint leads to, ask ``aws_service_of``; whether it leads to one
  that is declared here, ``leads_to_own_service``;
- which policies apply to one, ask ``endpoint_policies``; whether it keeps the default one,
  ``endpoint_policy_is_unset``; whether its service reads any, ``supports_endpoint_policies``;
- what its policy lets strangers do, ask ``endpoint_access``; whether a policy lets volumes be made
  without encryption, ``lets_unencrypted_volumes``;
- whether a principal that an endpoint service allows is anybody, ask ``admits_anybody``; whether
  one of a service's may be, ``may_admit_anybody``;
- whether a workload has a way to the internet, ask ``confined``; which ways lead out through
  endpoints, ``endpoint_ways``; whether a service takes data, ``carries_data``;
- whether a VPC has an endpoint for a service, ask ``has_endpoint``; whether others may be made for
  it, ``endpoints_elsewhere``; whether somebody says that one has some which is declared elsewhere,
  ``said_to_have_endpoints``; whether it has a private hosted zone of a service's name,
  ``has_zone``;
- which input says how many there are of something, ask ``counted``; whether what is not known is
  one thing all the same, ``is_one_id``; which input an id is yet to be filled in for,
  ``to_fill_in``;
- which rules a group has, ask ``rules_of_group``; whether it may have others that are not in the
  source, ``rules_elsewhere``; which of a rule's sources or destinations are
  outside a VPC and its peers, ``reaches_beyond``; whether it is for the loopback alone,
  ``reaches_nothing``.
"""

from typing import TYPE_CHECKING

from iac_ec2lint.api._on_demand import on_demand

if TYPE_CHECKING:
    from iac_ec2lint.iam.access import (
        OutsideAccess,
        endpoint_access,
        endpoint_access_of_any,
        lets_unencrypted_volumes,
    )
    from iac_ec2lint.iam.policy.probes import service_of_endpoint
    from iac_ec2lint.network.hosts.endpoints import (
        admits_anybody,
        carries_data,
        leads_to_own_service,
        may_admit_anybody,
    )
    from iac_ec2lint.network.hosts.endpoints import is_policy_unset as endpoint_policy_is_unset
    from iac_ec2lint.network.hosts.endpoints import policies as endpoint_policies
    from iac_ec2lint.network.hosts.endpoints import service_of as aws_service_of
    from iac_ec2lint.network.hosts.endpoints import supports_policies as supports_endpoint_policies
    from iac_ec2lint.network.inside.beyond_vpc import (
        BeyondVpc,
        reaches_beyond,
        reaches_nothing,
        rules_elsewhere,
        rules_of_group,
    )
    from iac_ec2lint.network.inside.private_ways import EndpointWay, confined, endpoint_ways
    from iac_ec2lint.network.inside.vpc_endpoints import (
        endpoints_elsewhere,
        has_endpoint,
        has_zone,
        said_to_have_endpoints,
    )
    from iac_ec2lint.values.inputs import counted, is_one_id
    from iac_ec2lint.values.unfilled import to_fill_in
else:
    __getattr__, __dir__ = on_demand(__name__)

__all__ = [
    "BeyondVpc",
    "EndpointWay",
    "OutsideAccess",
    "admits_anybody",
    "aws_service_of",
    "carries_data",
    "confined",
    "counted",
    "endpoint_access",
    "endpoint_access_of_any",
    "endpoint_policies",
    "endpoint_policy_is_unset",
    "endpoint_ways",
    "endpoints_elsewhere",
    "has_endpoint",
    "has_zone",
    "is_one_id",
    "leads_to_own_service",
    "lets_unencrypted_volumes",
    "may_admit_anybody",
    "reaches_beyond",
    "reaches_nothing",
    "rules_elsewhere",
    "rules_of_group",
    "said_to_have_endpoints",
    "service_of_endpoint",
    "supports_endpoint_policies",
    "to_fill_in",
]
