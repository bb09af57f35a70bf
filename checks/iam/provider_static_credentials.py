from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict
from iac_ec2lint.api.compute import static_credentials
from iac_ec2lint.api.resources import Provider, RemoteState, S3Backend


class ProviderStaticCredentials(Check):
    """AWS credentials are written in the provider or backend configuration.

    ## Why it matters
    A key in the configuration is with everyone who may read the repository, in each clone and in
    its history after it is deleted. Keys that were pushed to public repositories are used by others
    within minutes. A backend's key is copied into `.terraform` as well.

    What a key looks like counts: a word such as `test`, for an emulator of AWS, is none. Defaults
    of variables and values of `.tfvars` files are written down like the argument itself. Profiles,
    shared credentials files, roles, and what a data source fetches pass. Reports quote no key.

    ## Fails
    ```hcl
    provider "aws" {
      region     = "eu-west-1"
      access_key = "AKIAIOSFODNN7EXAMPLE"
      secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    }
    ```

    ## Passes
    ```hcl
    provider "aws" {
      region  = "eu-west-1"
      profile = "deployment"
      assume_role {
        role_arn = "arn:aws:iam::111122223333:role/deployment"
      }
    }
    ```

    ## How to mend it
    Delete the key from the configuration and in IAM, and log in by a role, a profile or SSO.

    ## References
    - [Security best practices in IAM](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html)
    - [Secure access keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/securing_access-keys.html)
    - [AWS provider: authentication](https://registry.terraform.io/providers/hashicorp/aws/latest/docs#authentication-and-configuration)
    """

    code = "IAM018"
    name = "provider-static-credentials"
    severity = Severity.CRITICAL
    since = "0.1.0"
    types = (Provider, RemoteState, S3Backend)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each credential that is written in a provider, a backend or a state."""
        for found in static_credentials(graph):
            undecided = found.answer.truth is None
            yield Verdict(
                subject=found.resource,
                at=found.place,
                message=f"{found.name} {'may be' if undecided else 'is'} a credential that is "
                "written in the configuration",
                undecided=undecided,
                causes=found.answer.causes,
                assumptions=found.answer.assumptions,
                value=found.name,
                quotable=False,
            )
