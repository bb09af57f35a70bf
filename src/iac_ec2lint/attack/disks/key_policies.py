"""Whom the policies of keys that EBS data is encrypted with admit from elsewhere.

Sources: KMS Developer Guide, "Default key policy", "Allowing users in other accounts to use a KMS
key" and "kms:GrantIsForAWSResource"; Amazon EBS User Guide, "Share an Amazon EBS snapshot";
semantics.md, D3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.attack.disks.key_access import key_policies
from iac_ec2lint.compute.keys.disk_keys import aliases_perhaps_meant
from iac_ec2lint.graph.nodes import External
from iac_ec2lint.iam.access import stranger_access
from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.matching import covers_action
from iac_ec2lint.iam.policy.outsiders import narrows
from iac_ec2lint.iam.policy.probes import service_probes
from iac_ec2lint.iam.trust.strangers import accounts_named
from iac_ec2lint.resources.kms_key import KmsAlias, KmsKey
from iac_ec2lint.resources.provider import Provider
from iac_ec2lint.values import NO, YES, Answer, Step, Unknown, Value, any_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.policy.probes import Probe
    from iac_ec2lint.iam.policy.statement import Condition, Statement
    from iac_ec2lint.resources.kms_key import KmsKeyPolicy
    from iac_ec2lint.resources.part import Resource

_CREATES: Final = "kms:CreateGrant"
_FOR_AWS: Final = "kms:grantisforawsresource"


_READS: Final = "kms:DescribeKey"
"""What tells of a key, and opens nothing that is encrypted with it."""


def _uses_of_a_key() -> tuple[Probe, ...]:
    return tuple(probe for probe in service_probes("kms") if probe.action != _READS)


class OpenKey(NamedTuple):
    """A key of EBS data whose policy lets strangers do something, or may.

    Attributes:
        key: The key.
        declaring: What declares the policy.
        statement: The statement.
        who: Whom it admits, in words.
        public: Whether that is everyone.
        what: What it lets them do, in words.
        answer: Whether it does.
        used_by: What is encrypted with the key.
    """

    key: KmsKey
    declaring: KmsKey | KmsKeyPolicy
    statement: Statement
    who: str
    public: bool
    what: str
    answer: Answer
    used_by: tuple[Resource, ...]


def open_keys(graph: Graph, trusted_accounts: Collection[str]) -> Iterator[OpenKey]:
    """The keys of EBS data that any principal may use, or for which strangers may make grants.

    Args:
        graph: The graph.
        trusted_accounts: The accounts that are one's own or trusted, beside the one that the
            provider is held to.
    """
    own = {*trusted_accounts, *_accounts_of_providers(graph)}
    for key in graph.all(KmsKey):
        used = _uses(graph, key)
        used_by = tuple(used)
        if not used_by:
            continue
        by_it = any_of(used.values())
        for declaring, policy in key_policies(graph, key):
            document = PolicyDocument.read(policy)
            access = stranger_access(document, "resource-policy", "kms", probed=_uses_of_a_key())
            public = access.foreign_principal & by_it
            if public.may_be_true and access.statements:
                statement = access.statements[0]
                yield OpenKey(
                    key, declaring, statement, "any principal", True, "use it", public, used_by
                )
            if public.truth:
                continue
            for statement, who, answer in _granting(document, own):
                what = "make grants for it"
                yield OpenKey(key, declaring, statement, who, False, what, answer & by_it, used_by)


def _uses(graph: Graph, key: KmsKey) -> dict[Resource, Answer]:
    """What is encrypted with a key, by its own name or an alias, and whether it is."""
    aliases = [e.source for e in graph.sources(key, "key") if isinstance(e.source, KmsAlias)]
    uses = {e.source: YES for name in (key, *aliases) for e in graph.sources(name, "kms_key")}
    for elsewhere in graph.all(External):
        meant = aliases_perhaps_meant(graph, elsewhere.text or "")
        doubts = tuple(name for alias, name in meant.items() if alias in aliases)
        for edge in graph.sources(elsewhere, "kms_key") if doubts else ():
            uses.setdefault(edge.source, Answer(None, doubts))
    return uses


def _granting(
    document: PolicyDocument, own: Collection[str]
) -> Iterator[tuple[Statement, str, Answer]]:
    """The statements by which other accounts make grants that are not for AWS's services alone.

    Where no account is known to be one's own, the one that has all of the key, as AWS's default
    policy gives it, is taken to be.
    """
    holder = None if own else _holder(document)
    for statement in document.statements:
        if statement.effect.text == "Deny":
            continue
        answer = statement.allows & covers_action(statement, _CREATES)
        answer = answer & ~any_of(_keeps_to_aws(one) for one in statement.conditions)
        if answer.truth is False:
            continue
        for account in accounts_named(statement):
            if account in own or account == holder:
                continue
            if holder is not None:
                words = f"account {holder}, which has all of the key, is taken to be your own"
                answer = answer & Answer(True, (), (Step(statement.span, words, assumed=True),))
            elif not own:
                words = f"whether account {account} is your own is not known"
                answer = answer & Answer(None, (Unknown(words, "external-id", statement.span),))
            yield statement, f"account {account}", answer
        for entry in statement.principals or ():
            if not entry.kind and isinstance(entry.value, Unknown) and entry.value.candidates:
                doubt = Answer(None, (entry.value,))
                yield statement, "an account that is not known", answer & doubt


def _holder(document: PolicyDocument) -> str | None:
    """The one account of which a statement gives the root all of the key."""
    found = {
        account
        for statement in document.statements
        if statement.effect.text == "Allow"
        and not statement.conditions
        and any(action.text in {"*", "kms:*"} for action in statement.actions or ())
        for account, whole in accounts_named(statement).items()
        if whole
    }
    return found.pop() if len(found) == 1 else None


def _keeps_to_aws(condition: Condition) -> Answer:
    """Whether a condition leaves grants for AWS's services alone, or keeps the account out."""
    if condition.unknown is not None or condition.key.lower() != _FOR_AWS:
        return narrows(condition, "principal", "resource-policy")
    if condition.positive != "Bool" or condition.if_exists:
        return NO
    return any_of(value.test(lambda data: data in (True, "true")) for value in condition.values)


def _accounts_of_providers(graph: Graph) -> Iterator[str]:
    """The accounts that the providers of the unit are held to."""
    for provider in graph.all(Provider):
        for account in provider.allowed_account_ids:
            if isinstance(account, Value) and account.text is not None:
                yield account.text
