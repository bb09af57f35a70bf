from collections.abc import Iterator

from iac_ec2lint.api import (
    Answer,
    Check,
    Evidence,
    Graph,
    Severity,
    Unknown,
    Val,
    Verdict,
    parameter,
    require,
)
from iac_ec2lint.api.compute import generated_keys, read_public_key
from iac_ec2lint.api.resources import KeyPair, PrivateKey


class KeyPairWeak(Check):
    r"""An imported or generated key is of a type or length that EC2 advice rules out.

    ## Why it matters
    EC2 takes RSA keys of 1,024 bits, whose private half can be computed from the public one by
    those with the means. DSA is no longer accepted by OpenSSH, and EC2 takes neither DSA nor ECDSA
    keys: such a key pair fails at deployment.

    The public key is read in each form that EC2 takes: OpenSSH's, SSH2's (RFC 4716), PEM, and DER
    in Base64. A `tls_private_key` is judged where its public half is a key pair; those for
    certificates are not. A key pair that EC2 makes is of ED25519 or of 2,048 bits of RSA.

    ## Fails
    ```hcl
    resource "tls_private_key" "web" {
      algorithm = "RSA"
      rsa_bits  = 1024
    }

    resource "aws_key_pair" "web" {
      public_key = tls_private_key.web.public_key_openssh
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::EC2::KeyPair
        Properties:
          KeyName: web
          PublicKeyMaterial: "ecdsa-sha2-nistp256 \
            AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBCM3fP7lf0kn+Uf6NM\
            SaxYq9sAN38MpG1+2VCsl4SS/WcHTnciEfJYqjzDek4b7DZQXyaD5hTgJHvDCZhucEyIs="
    ```

    ## Passes
    ```hcl
    resource "aws_key_pair" "web" {
      public_key = join("", [
        "ssh-ed25519 ", "AAAAC3NzaC1lZDI1NTE5AAAAIF92DOVk",
        "t9HciXHbfbrsD1l6zKB7n+PEMSTo4Js79qWT",
      ])
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::EC2::KeyPair
        Properties:
          KeyName: web
          PublicKeyMaterial: >-
            ssh-ed25519
            AAAAC3NzaC1lZDI1NTE5AAAAIF92DOVkt9HciXHbfbrsD1l6zKB7n+PEMSTo4Js79qWT
    ```

    ## How to mend it
    Make an ED25519 key (`ssh-keygen -t ed25519`) and import its public half. Windows instances take
    RSA keys alone: there, one of 2,048 bits or more. Instances keep the key that they were launched
    with until they are replaced, or their `authorized_keys` is edited.

    ## References
    - [Create a key pair for your Amazon EC2 instance](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-key-pairs.html)
    - [Amazon EC2 key pairs and Amazon EC2 instances](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-key-pairs.html)
    """

    code = "KEY004"
    name = "key-pair-weak"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (KeyPair, PrivateKey)
    min_rsa_bits = parameter.integer(
        default=2048, minimum=1024, maximum=16384, help="The fewest bits that RSA keys may have."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each key of a key pair that is, or may be, too weak."""
        made = generated_keys(graph)
        generated = {key.pair for key in made}
        for pair in graph.all(KeyPair):
            value = pair.public_key
            if value is not None and pair not in generated:
                yield from require(
                    self._is_strong(value),
                    of=pair,
                    at=pair.place("public_key"),
                    otherwise=f"the public key is {self._describe(value)}",
                    perhaps="whether the public key is strong is not known",
                )
        for key in made:
            yield from self._of_generated(key.private, key.pair, key.answer)

    def _of_generated(
        self, private: PrivateKey, pair: KeyPair | None, used: Answer
    ) -> Iterator[Verdict]:
        """A verdict on a key that Terraform makes for a key pair."""
        bits = private.rsa_bits
        short = private.equals("algorithm", "RSA") & ~bits.test(self._is_long)
        ecdsa = private.equals("algorithm", "ECDSA")
        at = private.place("algorithm" if ecdsa.truth else "rsa_bits")
        words = "of ECDSA, which EC2 does not take"
        if short.truth and bits.number is not None:
            words = f"of RSA with {bits.number} bits"
        evidence: tuple[Evidence, ...] = ()
        if pair is not None and pair.public_key is not None:
            text = f"its public half is the key pair {pair.address}"
            evidence = (Evidence(pair.public_key.span, text, pair.address),)
        yield from require(
            ~used | ~(short | ecdsa),
            of=private,
            at=at,
            otherwise=f"the key of a key pair is {words}",
            perhaps="the key of a key pair may be too weak",
            evidence=evidence,
        )

    def _is_long(self, bits: object) -> bool:
        return isinstance(bits, int) and bits >= self.min_rsa_bits

    def _is_strong(self, value: Val) -> Answer:
        """Whether a public key is one that EC2 takes, and long enough; undecided where it is none.

        Where nobody knows which of several it is, it is decided if all are alike.
        """
        if isinstance(value, Unknown):
            answers = [self._is_strong(one) for one in value.candidates]
            truths = {answer.truth for answer in answers}
            return answers[0] if len(truths) == 1 else Answer(None, (value,))
        key = read_public_key(value.text) if value.text is not None else None
        if key is None:
            reason = "it is no public key in a form that EC2 takes"
            return Answer(None, (Unknown(reason, "expression", value.span),))
        strong = key.algorithm == "ED25519" or (
            key.algorithm == "RSA" and key.bits >= self.min_rsa_bits
        )
        return value.test(lambda _: strong)

    def _describe(self, value: Val) -> str:
        """What is wrong with a public key that is weak."""
        if isinstance(value, Unknown):
            return self._describe(value.candidates[0]) if value.candidates else "not known"
        key = read_public_key(value.text or "")
        if key is not None and key.algorithm == "RSA":
            return f"of RSA with {key.bits} bits"
        return f"of {key.algorithm if key is not None else 'a kind'}, which EC2 does not take"
