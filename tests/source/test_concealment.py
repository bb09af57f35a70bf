"""Texts that nobody may quote: what is hidden, and what is left as it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iac_ec2lint.source.concealment import CONCEALED, Redactor
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.span import SourceText, Span

HIDDEN = [
    ("hunter2", "the password is hunter2", f"the password is {CONCEALED}"),
    ("hunter22", "xhunter22y", f"x{CONCEALED}y"),
    ("22", "tcp/22, 22-80", f"tcp/{CONCEALED}, {CONCEALED}-80"),
    ("0.0.0.0/0", "open to 0.0.0.0/0 and 10.0.0.0/0", f"open to {CONCEALED} and 10.0.0.0/0"),
    ("10.1.2.3/8", "open to 10.0.0.0/8", f"open to {CONCEALED}"),
    ("2001:DB8::/32", "open to 2001:db8::/32", f"open to {CONCEALED}"),
    ("web", "named web - or web, web-", f"named {CONCEALED} - or {CONCEALED}, {CONCEALED}-"),
    ("-1", "the protocol -1.", f"the protocol {CONCEALED}."),
    ("a.b+c(d)", "a.b+c(d) a.b+cd", f"{CONCEALED} a.b+cd"),
]


@pytest.mark.parametrize(("secret", "text", "want"), HIDDEN)
def test_a_text_is_hidden_however_it_is_written(secret: str, text: str, want: str) -> None:
    assert Redactor({secret}).text(text) == want


KEPT = [
    ("ssh", "sshd is ssh-like_ssh2"),
    ("web", "aws_instance.web-server runs as my-web and web-2"),
    ("22", "10.22.0.0/16 2022 22nd"),
    ("1", "1 subnet of 1"),
    ("true", "when it is true"),
    ("", "anything"),
    ("  ", "two  spaces"),
    ("999.1.1.1/99", "10.0.0.0/8"),
]


@pytest.mark.parametrize(("secret", "text"), KEPT)
def test_what_says_nothing_is_kept(secret: str, text: str) -> None:
    assert Redactor({secret}).text(text) == text


def test_addresses_that_a_text_names_stay_whole() -> None:
    cover = Redactor({"postgres"}, {"module.postgres_docker.aws_instance.this[0]"})
    text = "role module.postgres_docker.aws_instance.this[0] of postgres, in module.postgres_docker"
    assert cover.text(text) == text.replace("of postgres", f"of {CONCEALED}")


def test_the_longest_text_is_hidden_first() -> None:
    assert Redactor({"hunter2", "hunter2-and-more"}).text("hunter2-and-more") == CONCEALED


def test_nothing_is_hidden_where_there_is_no_secret() -> None:
    cover = Redactor(())
    assert not cover
    assert cover.text("x") == "x"
    span = SourceText("main.tf", "x = 1\n").span(0, 5)
    assert cover.span(span) is span


def test_a_diagnostic_quotes_no_secret() -> None:
    cover = Redactor({"hunter2"})
    told = Diagnostic("main.tf", 3, 4, "hunter2 is no number")
    assert cover.redact(told) == Diagnostic("main.tf", 3, 4, f"{CONCEALED} is no number")
    other = Diagnostic("main.tf", 3, 4, "it is no number")
    assert cover.redact(other) is other


@given(
    st.text(alphabet="ab \n\r\"='", max_size=60), st.text(alphabet="ab\n", min_size=2, max_size=5)
)
def test_a_masked_line_has_the_shape_of_the_line(text: str, secret: str) -> None:
    source = SourceText("main.tf", text)
    span = source.span(0, len(text))
    masked = Redactor({secret}).span(span)
    assert masked.key == span.key
    assert (masked.end_line, masked.end_column) == (span.end_line, span.end_column)
    assert len(masked.text) == len(text)
    for number in range(1, text.count("\n") + 2):
        pairs = zip(masked.source.line(number), source.line(number), strict=True)
        assert all(shown in (written, "*") for shown, written in pairs)


def test_a_line_that_holds_a_secret_is_shown_without_it() -> None:
    source = SourceText("main.tf", 'default = "hunter2"\nother = 1\n')
    cover = Redactor({"hunter2"})
    masked = cover.span(source.span(10, 19))
    assert masked.source.line(1) == 'default = "*******"'
    assert masked.source.line(2) == "other = 1"
    assert cover.span(source.span(0, 7)).source is masked.source


class Word(StrEnum):
    HUNTER2 = "hunter2"


class Hop(NamedTuple):
    fact: str
    kind: str
    place: Span | None = None


@dataclass(frozen=True)
class Told:
    """A report with a field of each sort that reports have."""

    message: str
    hops: tuple[Hop, ...] = ()
    reasons: list[str] = field(default_factory=list)
    shown: dict[str, object] = field(default_factory=dict)
    word: Word = Word.HUNTER2
    subject: str = ""
    path: str = "hunter2.tf"
    number: int = 1
    nothing: None = None


def test_an_answer_is_covered_whatever_fields_it_has() -> None:
    place = SourceText("main.tf", 'x = "hunter2"\n').span(0, 13)
    told = Told(
        "hunter2 is seen",
        (Hop("by hunter2", "hunter2", place),),
        ["hunter2"],
        {"a": ("hunter2", {"b": "hunter2"})},
        subject="hunter2",
    )
    hidden = Redactor({"hunter2"}, {"hunter2"}).redact(told)
    assert hidden.message == f"{CONCEALED} is seen"
    assert hidden.hops[0].fact == f"by {CONCEALED}"
    assert hidden.hops[0].place is not None
    assert hidden.hops[0].place.text == 'x = "*******"'
    assert hidden.hops[0].kind == "hunter2", "a word of the program's own"
    assert (hidden.word, hidden.path) == (Word.HUNTER2, "hunter2.tf")
    assert hidden.subject == "hunter2", "it is a declared address"
    assert hidden.reasons == ["hunter2"], "so is every text that is one"
    other = Redactor({"hunter2"}).redact(told)
    assert (other.subject, other.reasons) == (CONCEALED, [CONCEALED])
    assert other.shown == {"a": (CONCEALED, {"b": CONCEALED})}


def test_what_holds_no_secret_stays_the_same_object() -> None:
    told = Told("nothing", (Hop("of it", "x"),), ["is"], {"a": ["secret"]})
    assert Redactor({"hunter3"}).redact(told) is told
