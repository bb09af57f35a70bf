"""Which requests the policies of resources let in, in a later tree and not in an earlier one.

Of keys, endpoints, buckets, secrets and tables that stand in both trees. A policy of theirs is not
all that decides: principals of their own account may be let in by policies of their own, which a
key leaves to them where its policy names the account, and the others always. Sources: IAM User
Guide, "Policy evaluation logic"; KMS Developer Guide, "Key policies"; VPC User Guide, "Control
access to VPC endpoints using endpoint policies".
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from iac_ec2lint.answers.changes.tried_requests import (
    TRIALS,
    caller_of,
    known_by,
    name_of,
    requests_of,
    words_of,
)
from iac_ec2lint.iam.grants import is_allowed
from iac_ec2lint.iam.policy import probes
from iac_ec2lint.iam.policy.document import Choice, PolicyDocument
from iac_ec2lint.iam.policy.inclusion import beyond
from iac_ec2lint.iam.policy.matching import Request, allows, covers_action
from iac_ec2lint.iam.policy.statement import Statement
from iac_ec2lint.iam.principals import principals
from iac_ec2lint.report.changes.verdict import NewRequest
from iac_ec2lint.report.escape import place
from iac_ec2lint.resources.kms_key import KmsAlias, KmsGrant, KmsKey, KmsKeyPolicy
from iac_ec2lint.resources.ssm_parameter import SsmParameter
from iac_ec2lint.resources.stored_data import (
    Bucket,
    BucketEncryption,
    Secret,
    StoredDataPolicy,
    Table,
)
from iac_ec2lint.resources.vpc_endpoint import VpcEndpoint, VpcEndpointPolicy
from iac_ec2lint.values import Reference, Unknown

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.policy.statement import PrincipalEntry
    from iac_ec2lint.resources.part import Resource

_Side = Literal["key", "endpoint", "data"]
_SERVICES: Final = ("kms", "s3", "secretsmanager", "dynamodb")
_APART: Final[dict[_Side, tuple[type[Resource], str]]] = {
    "key": (KmsKeyPolicy, "key"),
    "endpoint": (VpcEndpointPolicy, "vpc_endpoint"),
    "data": (StoredDataPolicy, "holder"),
}
"""What declares a policy apart from what it is the policy of, and by which field that is known."""
_CHOSEN: Final = {"aws:SecureTransport": ("true",)}
"""What whoever asks may choose."""
_HOLDERS: Final = (KmsKey, VpcEndpoint, Bucket, Secret, Table)
_UNDER_KEYS: Final = (Secret, SsmParameter, Bucket, BucketEncryption, KmsAlias, Table)
_ACCOUNT: Final = re.compile(r"arn:[^:]*:iam::[^:]*:root|\d{12}")
"""An account as a whole, whose own policies say then who is let in."""
_PRINCIPAL: Final = re.compile(r"arn:[^:]*:(iam|sts)::[^:]*:(?!root$)[^*?]+")
"""One that is no account as a whole."""


class _Kind(NamedTuple):
    """Resources that hold a policy.

    Attributes:
        type: Their class.
        side: What they are, or what it is the policy of.
        field: The field that has it.
        relation: What leads to what it is the policy of, where that is declared apart.
    """

    type: type[Resource]
    side: _Side
    field: str = "policy"
    relation: str = ""


_KINDS: Final = (
    _Kind(KmsKey, "key"),
    _Kind(KmsKeyPolicy, "key", relation="key"),
    _Kind(VpcEndpoint, "endpoint"),
    _Kind(VpcEndpointPolicy, "endpoint", relation="vpc_endpoint"),
    _Kind(Bucket, "data"),
    _Kind(Secret, "data"),
    _Kind(StoredDataPolicy, "data", relation="holder"),
)


def policy_changes(unit: str, before: Graph, after: Graph) -> tuple[list[NewRequest], list[str]]:
    """What the policies of resources let in that they did not.

    Args:
        unit: The unit's path.
        before: Its graph in the earlier tree.
        after: The later one.

    Returns:
        Requests that surely are new, and why others may be.
    """
    new: list[NewRequest] = []
    undecided: list[str] = []
    for kind in _KINDS:
        old = {one.address: one for one in before.all(kind.type)}
        for one in after.all(kind.type):
            was = old.pop(one.address, None)
            found = _Pair(unit, before, after, kind, was, one).judged()
            if isinstance(found, NewRequest):
                new.append(found)
            elif found:
                undecided.append(found)
        undecided += [
            f"what {gone.address}, which goes, kept out"
            for gone in old.values()
            if _is_missed(gone, kind, before, after)
        ]
    return new, [*undecided, *_of_lists(before, after), *_of_keys(before, after)]


def _of_lists(before: Graph, after: Graph) -> Iterator[str]:
    """The buckets whose access control list is another one, and may let others in."""
    old = {one.address: one.acl for one in before.all(Bucket)}
    for one in after.all(Bucket):
        known = one.acl.text is not None and one.address in old
        same = known and old[one.address].text == one.acl.text
        private = (one.acl.text or "").lower() == "private"  # each language has its own case
        if one.address in old and not same and not private:
            yield f"whom the access control list of {one.address} lets in ({_at(one)})"


def _of_keys(before: Graph, after: Graph) -> Iterator[str]:
    """What is under another key, or none: who could not decrypt it may be able to now.

    AWS's own key of a service keeps other accounts out, and nobody else.

    Sources: AWS Secrets Manager User Guide, "Secret encryption and decryption in AWS Secrets
    Manager"; Amazon S3 User Guide, "Using server-side encryption with AWS KMS keys".
    """
    for type_ in _UNDER_KEYS:
        later = {one.address: one for one in after.all(type_)}
        for was in before.all(type_):
            now = later.get(was.address)
            holder = before.only(was, "bucket", Bucket) if type_ is BucketEncryption else was
            if holder is not None and after.get(holder.address) is None:
                continue
            then = _keys_of(before, was)
            shared = isinstance(was, Secret) and (
                was.policy is not None or bool(before.sources(was, "holder"))
            )
            if (then or shared) and (now is None or _keys_of(after, now) != then):
                one = holder or was
                yield f"who may read {one.address}, whose key is another one, or none ({_at(one)})"


def _keys_of(graph: Graph, thing: Resource) -> tuple[Hashable, ...]:
    """What a thing is under, and the copies of a secret, of which each has its own."""
    copies = len(thing.replicas) if isinstance(thing, Secret) else 0
    names = ("data_key",) if isinstance(thing, Table) else ("key", "replica_key")
    return tuple(
        known_by(edge.value) if edge.target is None else edge.target.address
        for edge in graph.targets(thing, *names)
    ) + (copies,) * bool(copies)


def _is_missed(gone: Resource, kind: _Kind, before: Graph, after: Graph) -> bool:
    """Whether more may be let in where a policy goes, and what it is the policy of stays."""
    if not kind.relation:
        return False  # it goes with what it protects
    holder = before.only(gone, kind.relation, *_HOLDERS)
    if holder is not None and after.get(holder.address) is None:
        return False
    document = _document(gone, kind)
    # A key and an endpoint have another policy then; the others have none, which keeps nobody out.
    return kind.side != "data" or (
        document is not None and any(s.effect.text != "Allow" for s in document.statements)
    )


def _document(holder: Resource, kind: _Kind) -> PolicyDocument | None:
    written = getattr(holder, kind.field)
    return None if written is None else PolicyDocument.read(written)


class _Pair:
    """A resource with a policy in two trees."""

    def __init__(
        self,
        unit: str,
        before: Graph,
        after: Graph,
        kind: _Kind,
        was: Resource | None,
        now: Resource,
    ) -> None:
        self._unit = unit
        self._before = before
        self._kind = kind
        self._was = was
        self._now = now
        relation = kind.relation
        self._after = after
        self._holder = after.only(now, relation, *_HOLDERS) if relation else now

    def judged(self) -> NewRequest | str:
        """A new request, why there may be one, or nothing."""
        if self._was is None and self._is_held_by_what_is_new():
            return ""
        then, now = self._then(), _document(self._now, self._kind)
        if now is None and self._kind.side == "data":
            now = PolicyDocument((), self._now.span)
        words = f"whom the policy of {self._now.address} lets in is not surely as before"
        if self._was is not None and self._is_of_another_thing(self._was):
            return f"{words} ({_at(self._now)})"
        if then is None and now is None:
            return ""
        if now is None or then is None:
            return f"{words} ({_at(self._now)})"
        more, lost = beyond([now], [then])
        if not more and not lost:
            return ""
        if self._was is not None and getattr(self._was, self._kind.field) is not None:
            found = self._new_request(now, then, more, lost)
            if found is not None:
                return found
        return f"{words} ({_at(more[0] if more else self._now)})"

    def _is_of_another_thing(self, was: Resource) -> bool:
        """Whether it is the policy of something else now, or of what leads elsewhere."""
        if isinstance(was, VpcEndpoint) and isinstance(self._now, VpcEndpoint):
            return known_by(was.service_name) != known_by(self._now.service_name)
        if not self._kind.relation:
            return False
        about = [
            [
                known_by(edge.value) if edge.target is None else edge.target.address
                for edge in graph.targets(one, self._kind.relation)
            ]
            for graph, one in ((self._before, was), (self._after, self._now))
        ]
        return about[0] != about[1]

    def _is_held_by_what_is_new(self) -> bool:
        holder = self._holder
        if holder is None:
            return False
        return self._before.get(holder.address) is None

    def _then(self) -> PolicyDocument | None:
        """The earlier policy, or what there is without one."""
        span = self._now.span
        own = None if self._was is None else _document(self._was, self._kind)
        if own is not None:
            return own
        if self._kind.side == "data":
            return PolicyDocument((), span)
        if self._kind.side != "endpoint" or self._holder is None:
            return None
        earlier = self._before.get(self._holder.address)
        apart = next(self._before.all(VpcEndpointPolicy), None) is not None
        inline = isinstance(earlier, VpcEndpoint) and earlier.policy is not None
        return None if apart or inline else PolicyDocument.full_access(span)

    def _new_request(
        self,
        now: PolicyDocument,
        then: PolicyDocument,
        more: Sequence[Statement],
        lost: Sequence[Statement],
    ) -> NewRequest | None:
        service = self._service()
        if service is None or not all(map(self._is_alone, (self._before, self._after))):
            return None
        allowing = [one for one in now.statements if one.effect.text != "Deny"]
        suspects = [*lost, *more, *(allowing if lost else ())]
        entries = {name_of(entry): entry for one in allowing for entry in one.principals or ()}
        direct = then if self._kind.side == "endpoint" else _without_accounts(then)
        tried = (
            (statement, action, resource, entry)
            for statement, action, resource in requests_of(suspects, service)
            for entry in entries.values()
        )
        for statement, action, resource, entry in islice(tried, TRIALS):
            caller = caller_of(entry)
            if caller is None:
                continue
            identity = resource if isinstance(resource, Reference) else None
            request = Request(action, resource, caller, _CHOSEN, identity)
            if not allows([now], request).truth or allows([direct], request).truth is not False:
                continue
            if self._may_be_let_in_otherwise(action, entry, then):
                continue
            own = self._holder or self._now
            about = own.address if self._kind.side != "endpoint" else words_of(resource)
            edge = f"the policy of {own.address} allows it"
            span = statement.span if statement in now.statements else self._now.span
            who = name_of(entry)
            if self._kind.side == "endpoint":
                who = f"{who}, through {own.address},"
            return NewRequest(self._unit, who, action, about, edge, span.path, span.line)
        return None

    def _service(self) -> str | None:
        """The service whose actions its policy is about, where that is known."""
        holder = self._holder
        if isinstance(holder, VpcEndpoint):
            name = holder.service_name
            return None if name is None else probes.service_of_endpoint(name)
        kind = self._now.type.lower()
        return next((one for one in _SERVICES if one in re.split("[^a-z0-9]+", kind)), None)

    def _is_alone(self, graph: Graph) -> bool:
        """Whether nothing else in a graph declares a policy of the same thing."""
        type_, relation = _APART[self._kind.side]
        holder = self._holder
        if holder is not None and holder.address != self._now.address:
            earlier = graph.get(holder.address)
            if (
                isinstance(earlier, KmsKey | VpcEndpoint | Bucket | Secret)
                and earlier.policy is not None
            ):
                return False
        for one in graph.all(type_):
            about = graph.only(one, relation, *_HOLDERS)
            same = holder is None or about is None or about.address == holder.address
            if same and one.address != self._now.address:
                return False
        return True

    def _may_be_let_in_otherwise(
        self, action: str, entry: PrincipalEntry, then: PolicyDocument
    ) -> bool:
        """Whether somebody may have been let in before by something else, or may not be now."""
        if self._kind.side == "endpoint" or entry.kind in {"Service", "Federated"}:
            return False
        if self._kind.side == "data":
            # Public ones may be refused by a public access block; others may be of the account.
            return not self._is_new_to(entry, action)
        if next(self._before.all(KmsGrant), None) is not None:
            return True
        if name_of(entry) == "anybody" or not _leaves_it_to_accounts(then, action):
            return False
        return not self._is_new_to(entry, action)

    def _is_new_to(self, entry: PrincipalEntry, action: str) -> bool:
        """Whether a principal of the same account was surely not allowed it by its own policies."""
        value = entry.value
        if not isinstance(value, Reference):
            return False
        known = {one.resource.address: one for one in principals(self._before)}
        principal = known.get(value.target)
        if principal is None or principal.resource.scope != self._now.scope:
            return False
        anything = Unknown("any of them", "expression", value.span)
        return is_allowed(principal, action, anything).truth is False


def _at(one: Statement | Resource) -> str:
    return place(one.span.path, one.span.line)


def _without_accounts(document: PolicyDocument) -> PolicyDocument:
    """A policy without what it leaves to the policies of accounts."""

    def is_for_accounts(one: Statement | Choice) -> bool:
        return (
            isinstance(one, Statement)
            and one.effect.text == "Allow"
            and bool(one.principals)
            and one.not_principals is None
            and all(
                entry.kind == "AWS" and _ACCOUNT.fullmatch(words_of(entry.value)) is not None
                for entry in one.principals or ()
            )
        )

    kept = tuple(one for one in document.items if not is_for_accounts(one))
    return PolicyDocument(kept, document.span)


def _leaves_it_to_accounts(document: PolicyDocument, action: str) -> bool:
    """Whether a policy may name an account as a whole, whose own policies count then."""
    return any(
        entry.kind not in {"Service", "Federated", "CanonicalUser"}
        and _PRINCIPAL.fullmatch(entry.value.text or "") is None
        for statement in document.statements
        if statement.effect.text != "Deny" and covers_action(statement, action).may_be_true
        for entry in statement.principals or ()
        if not isinstance(entry.value, Reference)
    )
