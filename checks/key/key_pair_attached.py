from collections.abc import Iterator

from iac_ec2lint.api import Check, Evidence, Graph, Severity, Verdict, remove, require
from iac_ec2lint.api.compute import HOST_TYPES, launches, runs
from iac_ec2lint.api.resources import EksNodeGroup


class KeyPairAttached(Check):
    """An instance is launched with an SSH key pair although Session Manager could be used.

    ## Why it matters
    A key pair opens the host for whoever has the private key: AWS keeps no copy, sees no login and
    cannot take the key back. Sessions of Session Manager and of EC2 Instance Connect are granted by
    IAM, end with it, and are recorded.

    What counts is what instances are launched with: what an instance says itself stands over what
    its launch template says. The check is for those who have given up key pairs, and off unless it
    is selected.

    ## Fails
    ```hcl
    resource "aws_instance" "web" {
      ami           = "ami-0123456789abcdef0"
      instance_type = "t3.micro"
      key_name      = "operations"
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
          InstanceType: t3.micro
          KeyName: operations
    ```

    ## Passes
    ```diff hcl
    -  key_name      = "operations"
    +  iam_instance_profile = "session-manager"
    ```
    ```diff yaml
    -      KeyName: operations
    +      IamInstanceProfile: session-manager
    ```

    ## How to mend it
    Leave the key pair out, and use Session Manager or EC2 Instance Connect. An instance is replaced
    where its key pair changes.

    ## References
    - [Amazon EC2 key pairs and Amazon EC2 instances](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-key-pairs.html)
    - [Connect using Session Manager](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/connect-with-systems-manager-session-manager.html)
    """

    code = "KEY001"
    name = "key-pair-attached"
    severity = Severity.INFO
    since = "0.1.0"
    types = HOST_TYPES
    default = False

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each place that gives a launch its key pair, or may."""
        for launch in launches(graph):
            declaring, place = launch.place("key_pair")
            named = launch.settings.is_set("key_pair")
            if isinstance(launch.host, EksNodeGroup) and launch.host.key_pair is not None:
                # Of a node group it may be beside the launch settings, for its remote access.
                if named.truth is not True:
                    declaring, place = launch.host, launch.host.place("key_pair")
                named = named | launch.host.is_set("key_pair")
            name = None if place.value is None else place.value.text
            quoted = "" if name is None else f' "{name}"'
            words = f"{launch.host.address} is launched with it"
            yield from require(
                ~(named & runs(graph, launch.host)),
                of=launch.host,
                at=place,
                resource=declaring,
                otherwise=f"instances are launched with the key pair{quoted}",
                perhaps="instances may be launched with a key pair",
                evidence=(Evidence(launch.host.span, words, launch.host.address),),
                fix=remove(),
            )
