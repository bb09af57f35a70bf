"""KEY002: key pair shared across tiers."""

from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict
from iac_ec2lint.api.resources import Instance, KeyPair, LaunchConfiguration, LaunchTemplate


class KeyPairSharedAcrossTiers(Check):
    """One key pair opens instances of different tiers, so one lost key opens them all.

    ## Why it matters
    (to be written)

    ## Fails
    ```hcl
    resource "aws_key_pair" "fails" {
    }
    ```

    ```yaml
    Resources:
      Fails:
        Type: AWS::EC2::KeyPair
    ```

    ## Passes
    ```hcl
    resource "aws_key_pair" "passes" {
    }
    ```

    ```yaml
    Resources:
      Passes:
        Type: AWS::EC2::KeyPair
    ```

    ## How to mend it
    Give each tier its own key pair or use no key pair.

    ## References
    - [EC2 User Guide, ec2-key-pairs](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-key-pairs.html)
    """

    code = "KEY002"
    name = "key-pair-shared-across-tiers"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (Instance, KeyPair, LaunchConfiguration, LaunchTemplate)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each place that (to be written).

        Fails when: The same key pair (resource, name or public key material) is used by launch
        settings that belong to different tiers: different security group sets, subnets of different
        exposure, or different Tier/Role tags. Replicas of one ASG count once. PATH011 replaces it
        when one of the hosts is internet-reachable.

        Undecided when: Key name unresolved.

        Besides: The same unresolved variable on both sides is the same key.
        """
        for resource in graph.all(*self.types):
            raise NotImplementedError(f"KEY002 does not judge {resource.address} yet")
        yield from ()
