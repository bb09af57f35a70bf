from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict
from iac_ec2lint.api.scripts import (
    SCRIPT_TYPES,
    BootScript,
    MetadataRequest,
    boot_scripts,
    is_name,
    request_without_token,
)


class BootScriptCallsImdsv1(Check):
    """A boot script reads instance metadata without a session token.

    ## Why it matters
    Where tokens are required the script fails at launch; so it keeps IMDSv1 switched on.

    ## Fails
    ```hcl
    resource "aws_instance" "web" {
      ami           = "ami-0123456789abcdef0"
      instance_type = "t3.micro"
      user_data     = <<-EOT
        #!/bin/bash
        curl -s http://169.254.169.254/latest/meta-data/instance-id > /etc/instance
      EOT
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
              #!/bin/bash
              curl -s http://169.254.169.254/latest/meta-data/instance-id > /etc/instance
    ```

    ## Passes
    ```diff hcl
    -    curl -s http://169.254.169.254/latest/meta-data/instance-id > /etc/instance
    +    url=http://169.254.169.254/latest
    +    token=$(curl -sX PUT $url/api/token -H "X-aws-ec2-metadata-token-ttl-seconds: 60")
    +    curl -sH "X-aws-ec2-metadata-token: $token" $url/meta-data/instance-id
    ```
    ```diff yaml
    -          curl -s http://169.254.169.254/latest/meta-data/instance-id > /etc/instance
    +          url=http://169.254.169.254/latest
    +          token=$(curl -sX PUT $url/api/token -H "X-aws-ec2-metadata-token-ttl-seconds: 60")
    +          curl -sH "X-aws-ec2-metadata-token: $token" $url/meta-data/instance-id
    ```

    ## How to mend it
    Request a token first, or use an SDK or `ec2-metadata`, which do so.

    ## References
    - [Use IMDSv2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-v2-how-it-works.html)
    """

    code = "IMDS005"
    name = "boot-script-calls-imdsv1"
    severity = Severity.LOW
    since = "0.1.0"
    types = SCRIPT_TYPES

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each script with a request that has no token, or that may have one."""
        for script in boot_scripts(graph):
            if script.text is None:
                if script.causes and not script.path:  # a file that is written is rarely run
                    yield _undecided(script)
                continue
            request = request_without_token(script.text, script.causes)
            if request is None:
                continue
            if request.line:
                yield _failure(script, request)
            elif not script.path:
                yield _undecided(script)


def _failure(script: BootScript, request: MetadataRequest) -> Verdict:
    return Verdict(
        subject=script.resource,
        at=script.place._replace(span=script.span_of(request.line, request.url)),
        message=f"the boot script asks for {request.words} without a session token",
        value=request.line,
    )


def _undecided(script: BootScript) -> Verdict:
    return Verdict(
        subject=script.resource,
        at=script.place,
        message="the boot script may read instance metadata without a session token",
        undecided=True,
        causes=tuple(one for one in script.causes if not is_name(one)) or script.causes,
    )
