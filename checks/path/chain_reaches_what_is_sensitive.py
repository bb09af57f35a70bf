from collections.abc import Iterable, Iterator

from iac_ec2lint.api import Check, Evidence, Graph, Question, Severity, Verdict, parameter
from iac_ec2lint.api.chains import AttackEdge, Chain, Reading, chains
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.iam import privilege_evidence
from iac_ec2lint.api.resources import KmsKey, Role
from iac_ec2lint.api.verdicts import can, gain_verdict, join_words, path_verdict, via_words


class ChainReachesWhatIsSensitive(Check):
    """A chain of several hops leads from outside to an administrator or to something sensitive.

    ## Why it matters
    Each hop alone looks harmless: a web host whose role may run commands on another host, that
    host's role which may assume a third, which reads one secret. Whoever gets in at the first has
    the last. The chain is shown hop by hop, each with the line that allows it, and any of them
    breaks it.

    Hops are: a way in from the internet or by an endpoint service that is open to any account
    (PATH015), credentials from the metadata service, access keys of users in boot scripts, also on
    copies of disks that others are let at (PATH010), and in parameters, a role that a foreign
    account or a shared identity provider may assume, control of a host (PATH009), roles that are
    passed or assumed (PATH008), what a host reaches inside over administration ports or all ports
    (PATH007), and what policies let a role read: its own, and those of a secret, a bucket or a key,
    or where it may change these. Ends are roles, users and groups that are privileged, data stores
    that are reached from a host inside, secrets, parameters of type `SecureString`, disks that may
    be copied (PATH013), databases of RDS of which a snapshot may be shared, exported or restored,
    or whose password may be set from outside, and buckets, tables and functions that tags classify
    (`DataClassification` and the like); `sensitive` names others; a table also by its export. A
    bucket or table of which only the name says so (`customer`, `backup`) is undecided. A key that
    guards any of these and may be used, or given to oneself, is at most medium; it is not told of
    where what it guards is read.

    The shortest chain is reported for each beginning and each end; where the end of one is an
    administrator, that one alone. What other checks report by themselves is theirs: the privileged
    role of an exposed host, and what that role gains by one hop. What an exposed host's own role is
    meant to read is medium, and counts only where the host yields its credentials; that it shares
    or opens a database is nobody's work, and counts like other ends. A chain that leads over the
    network from a host that only serves is one step less severe.

    ## Fails
    On [docs/stages/public-instance](../stages/README.md), an instance that the internet reaches
    over HTTPS: it yields its role, which may assume another, which may assume an administrator:
    ```diff hcl stage=public-instance
    +resource "aws_iam_role_policy" "host" {
    +  role = aws_iam_role.host.name
    +  policy = jsonencode({
    +    Statement = [{
    +      Effect = "Allow", Action = "sts:AssumeRole", Resource = aws_iam_role.deploy.arn
    +    }]
    +  })
    +}
    +resource "aws_iam_role" "deploy" {
    +  name = "deploy"
    +  assume_role_policy = jsonencode({
    +    Statement = [{
    +      Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = aws_iam_role.host.arn }
    +    }]
    +  })
    +}
    +resource "aws_iam_role" "admin" {
    +  name = "admin"
    +  assume_role_policy = jsonencode({
    +    Statement = [{
    +      Effect    = "Allow"
    +      Action    = "sts:AssumeRole"
    +      Principal = { AWS = aws_iam_role.deploy.arn }
    +    }]
    +  })
    +  managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]
    +}
     resource "aws_instance" "host" {
    -    http_tokens = "required"
    +    http_tokens = "optional"
    ```
    ```diff yaml stage=public-instance
     Resources:
    +  Deploy:
    +    Type: AWS::IAM::Role
    +    Properties:
    +      AssumeRolePolicyDocument:
    +        Statement:
    +          - Effect: Allow
    +            Action: sts:AssumeRole
    +            Principal: {AWS: !GetAtt HostRole.Arn}
    +  Admin:
    +    Type: AWS::IAM::Role
    +    Properties:
    +      AssumeRolePolicyDocument:
    +        Statement:
    +          - Effect: Allow
    +            Action: sts:AssumeRole
    +            Principal: {AWS: !GetAtt Deploy.Arn}
    +      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"]
       HostRole:
                 Principal: {Service: ec2.amazonaws.com}
    +      Policies:
    +        - PolicyName: deploy
    +          PolicyDocument:
    +            Statement:
    +              - {Effect: Allow, Action: "sts:AssumeRole", Resource: "*"}
       Host:
    -        HttpTokens: required
    +        HttpTokens: optional
    ```

    ## Passes
    ```diff hcl
     resource "aws_instance" "host" {
    -    http_tokens = "optional"
    +    http_tokens = "required"
    ```
    ```diff yaml
       Host:
    -        HttpTokens: optional
    +        HttpTokens: required
    ```

    ## How to mend it
    Break the hop that nobody needs; each is listed with the change that does. `iac-ec2lint cut`
    says which few changes break all chains at once.

    ## References
    - [Instance metadata options](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html)
    - [IAM roles for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html)
    - [Sharing a DB snapshot](https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html)
    - [Exporting DB snapshot data to Amazon S3](https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ExportSnapshot.html)
    - [Role chaining](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html)
    """

    code = "PATH019"
    name = "chain-reaches-what-is-sensitive"
    severity = Severity.CRITICAL
    supersedes = ("PATH005",)
    since = "0.1.0"
    asks = Question(
        ("internet", "account", "provider"),
        ("reaches", "takes credentials", "controls", "assumes", "gains", "reads", "copies out"),
        ("principal", "store", "thing"),
        longest="max_hops",
    )
    types = (*HOST_TYPES, Role)
    trusted_accounts = parameter.TRUSTED_ACCOUNTS
    max_hops = parameter.integer(
        default=8, minimum=1, maximum=20, help="The most hops of a chain beyond its beginning."
    )
    sensitive = parameter.texts(
        help="What is sensitive besides: addresses of secrets, parameters, buckets, tables,"
        " functions and keys,"
        " types of those (`aws_s3_bucket`), or tags (`tag:KEY`, `tag:KEY=VALUE`).",
        what="addresses, types and tags",
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each beginning and each end."""
        for chain in chains(graph, self.asks, self.max_hops, self.trusted_accounts, self.sensitive):
            yield _verdict(graph, chain)


def _severity(chain: Chain) -> Severity:
    """How bad it is where all is certain."""
    reads = _readings(chain.reads)
    told = [one for one in reads if one.answer.truth] or reads
    work = bool(reads) and not any(one.taken for one in told)
    own = work and not chain.edges and chain.first.begins is None
    # What is under a key must be got at besides.
    keys = bool(reads) and all(isinstance(one.thing.resource, KmsKey) for one in reads)
    if own or keys or not chain.first.public:
        return Severity.MEDIUM
    if chain.first.lesser:
        return Severity.MEDIUM if chain.reads or chain.end.kind == "store" else Severity.HIGH
    return Severity.CRITICAL if chain.administers else Severity.HIGH


def _end(chain: Chain) -> str:
    """What it ends at, in words."""
    if chain.reads:
        sure = [edge for edge in chain.reads if edge.answer.truth]
        others = [edge for edge in chain.reads if edge not in sure] if sure else []
        perhaps = f", and perhaps {_what_is_read(others)}" if others else ""
        return f"{_what_is_read(sure or chain.reads)}{perhaps}"
    gain = chain.edges[-1].gain
    if chain.end.kind == "store" or gain is None:
        return f"reach {chain.end.words}"
    return f"obtain the credentials of {chain.end.words} ({gain.words})"


def _what_is_read(edges: Iterable[AttackEdge]) -> str:
    """What is done with what, in words: ``read A and B and decrypt with C``."""
    by_verb: dict[str, list[str]] = {}
    for one in _readings(edges):
        by_verb.setdefault(one.verb, []).append(one.thing.words)
    return join_words([f"{verb} {join_words(words)}" for verb, words in by_verb.items()])


def _readings(edges: Iterable[AttackEdge]) -> list[Reading]:
    return [edge.reading for edge in edges if edge.reading is not None]


def _read(edges: Iterable[AttackEdge]) -> list[str]:
    """The names of what is read."""
    return [one.thing.words for one in _readings(edges)]


def _way(chain: Chain) -> str:
    """The hops in words: what each that is come to can do."""
    words: list[str] = []
    for number, (node, edge) in enumerate(
        zip(chain.nodes, (*chain.edges, *chain.reads[:1]), strict=False)
    ):
        who = node.words if number else ("it" if node.principal is not None else node.words)
        verb = "" if edge.kind == "takes credentials" else f"{can(edge.answer)} "
        words.append(f"{who} {verb}{edge.words}")
    shown = words if len(words) <= 5 else [*words[:2], f"{len(words) - 4} more hops", *words[-2:]]
    return ", ".join(shown)


def _begins(chain: Chain) -> str:
    first = chain.first
    through = "" if first.entry is None else via_words(first.entry)
    if chain.nodes[0].principal is None:
        return f"whoever can {first.words}{through} gets on"
    return f"{first.words}{through}"


def _hops(edges: tuple[AttackEdge, ...]) -> Iterator[Evidence]:
    for edge in edges:
        yield from edge.hops


def _verdict(graph: Graph, chain: Chain) -> Verdict:
    first, answer = chain.first, chain.answer
    edges = (*chain.edges, *chain.reads)
    gain = chain.edges[-1].gain if chain.edges and not chain.reads else None
    hops = [*_hops((first, *edges)), *([] if gain is None else [privilege_evidence(gain)])]
    edits = [edit for edge in (first, *edges) for edit in edge.edits]
    more = f" (and {chain.more} more ends)" if chain.more else ""
    whole = first.answer & answer
    resources = [one for edge in (first, *edges) for one in edge.also]
    target = f"{chain.nodes[0].name} {chain.end.name} {'reads' if chain.reads else ''}".strip()
    if first.entry is not None:
        return path_verdict(
            graph,
            first.entry,
            f"anyone on the internet {can(first.entry.answer & whole)} {_end(chain)}{more}: "
            f"{_begins(chain)}, {_way(chain)}",
            answer if chain.nodes[0].kind == "host" else whole,
            severity=_severity(chain),
            hops=tuple(dict.fromkeys(hops)),
            edits=tuple(dict.fromkeys(edits)),
            target=target,
            ends=_read(chain.reads),
            likely=_is_likely(chain),
            also=resources,
        )
    begins = first.begins
    assert begins is not None  # noqa: S101 - a path begins with the internet, or somebody else
    return gain_verdict(
        begins.subject,
        (begins.place, begins.declaring),
        f"{begins.who} {can(whole)} {_end(chain)}{more}: {_begins(chain)}, {_way(chain)}",
        whole,
        hops=dict.fromkeys(hops),
        edits=dict.fromkeys(edits),
        value=target,
        ends=_read(chain.reads),
        severity=_severity(chain),
        also=resources,
    )


def _is_likely(chain: Chain) -> bool:
    """Whether all that is undecided is a placement, or the metadata's default."""
    open_ = [e for e in (chain.first, *chain.edges) if e.answer.truth is None]
    reads = not chain.reads or any(edge.answer.truth for edge in chain.reads)
    return (bool(open_) and all(edge.likely for edge in open_) and reads) or chain.by_name
