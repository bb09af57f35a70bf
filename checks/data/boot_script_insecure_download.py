from collections.abc import Iterator
from typing import Final

from iac_ec2lint.api import Check, Evidence, Graph, Remark, Severity, Verdict
from iac_ec2lint.api.scripts import SCRIPT_TYPES, InsecureDownload, boot_scripts, insecure_downloads

_WORDS: Final = {
    "plain": ("downloads from {} without TLS", "may download from {} unprotected"),
    "certificate": (
        "does not check the certificate of the server ({})",
        "may not check the certificate of a public server ({})",
    ),
    "signature": (
        "does not check the signatures of packages ({})",
        "may not check the signatures of packages ({})",
    ),
    "unknown": ("", "may download something unprotected"),
}
"""What a script does, and what it may do."""


class BootScriptInsecureDownload(Check):
    """A boot script downloads code without transport security or runs it unverified.

    ## Why it matters
    A boot script runs as root. Whoever stands between the host and the server, or answers for its
    name, puts code of their own into a download that nothing protects; it then runs on every
    instance that is launched, each time anew.

    It is reported where something is kept or run that comes over plain HTTP or FTP, where the
    certificate of the server is not checked, and where the package manager is told not to check
    signatures: in scripts, in documents and commands that Systems Manager runs, and in what
    cfn-init is told to download. Loopback, private addresses and names of private networks are
    exempt, and so are package mirrors over plain HTTP: their packages are signed. A request that
    only asks for headers (`curl --head`, `wget --spider`) downloads nothing. A script that
    compares checksums or signatures itself is undecided. What comes over HTTPS and is run by a
    shell at once is a note.

    ## Fails
    ```hcl
    resource "aws_instance" "web" {
      ami           = "ami-0123456789abcdef0"
      instance_type = "t3.micro"
      user_data     = <<-EOT
        #!/bin/sh
        curl -s http://downloads.example.com/agent.tar.gz -o /tmp/agent.tar.gz
        tar -xzf /tmp/agent.tar.gz -C /opt
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
              #!/bin/sh
              wget --no-check-certificate https://downloads.example.com/agent.tar.gz
              tar -xzf agent.tar.gz -C /opt
    ```

    ## Passes
    ```diff hcl
    -    curl -s http://downloads.example.com/agent.tar.gz -o /tmp/agent.tar.gz
    -    tar -xzf /tmp/agent.tar.gz -C /opt
    +    curl -sf https://downloads.example.com/agent.tar.gz -o /tmp/agent.tar.gz
    +    echo "$AGENT_SUM /tmp/agent.tar.gz" | sha256sum -c && tar -xzf /tmp/agent.tar.gz -C /opt
    ```
    ```diff yaml
    -          wget --no-check-certificate https://downloads.example.com/agent.tar.gz
    -          tar -xzf agent.tar.gz -C /opt
    +          dnf install -y agent
    ```

    ## How to mend it
    Download over HTTPS, keep verification on, and compare a checksum or a signature.

    ## References
    - [Data protection in Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/data-protection.html)
    - [Run commands at launch with user data](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html)
    - [AWS::CloudFormation::Init](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-init.html)
    - [WebDownload of Image Builder](https://docs.aws.amazon.com/imagebuilder/latest/userguide/toe-action-modules.html)
    """

    code = "DATA015"
    name = "boot-script-insecure-download"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = SCRIPT_TYPES

    def examine(self, graph: Graph) -> Iterator[Verdict | Remark]:
        """A verdict for each script: at the first download that nothing protects, or may not."""
        for script in boot_scripts(graph):
            by_variant: dict[int, list[InsecureDownload]] = {}
            for download in insecure_downloads(script):
                action = download.action
                if download.fault == "piped":
                    yield Remark(
                        name="download-run-at-once",
                        subject=script.resource,
                        at=action.script.place._replace(span=action.span),
                        message=f"what {download.what} sends is run by a shell at once",
                    )
                else:
                    by_variant.setdefault(id(action.script.place.value), []).append(download)
            for downloads in by_variant.values():
                yield _verdict(downloads)


def _verdict(downloads: list[InsecureDownload]) -> Verdict:
    sure = [one for one in downloads if one.answer.truth and one.fault != "unknown"]
    found = sure or downloads[:1]
    first = found[0]
    script = first.action.script
    said = list(dict.fromkeys(_said(one, sure=bool(sure)) for one in found))
    return Verdict(
        subject=script.resource,
        at=script.place._replace(span=first.action.span),
        message=f"the script {said[0]}",
        undecided=not sure,
        causes=() if sure else first.answer.causes,
        evidence=tuple(
            Evidence(
                one.action.span,
                f"the script {_said(one, sure=True)}",
                script.resource.address,
                quotable=one.action.quotable,
            )
            for one in found[1:]
        ),
        value="; ".join(sorted(said)),
        quotable=first.action.quotable,
    )


def _said(download: InsecureDownload, *, sure: bool) -> str:
    certain, perhaps = _WORDS[download.fault]
    return (certain if sure else perhaps).format(download.what)
