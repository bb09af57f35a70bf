"""What the commands of a shell script are, read as a shell reads them.

Comments, quotes, heredocs, variables with literal values, pipes, groups and redirections are
understood; nothing is run. Source: POSIX.1-2017, "Shell Command Language".
"""

from __future__ import annotations

from typing import Final

from iac_ec2lint.compute.scripts.shell.calls import hashes_literal, truth_of
from iac_ec2lint.compute.scripts.shell.expansions import WordReader
from iac_ec2lint.compute.scripts.shell.frame import Frame
from iac_ec2lint.compute.scripts.shell.scope import Scope, positional
from iac_ec2lint.compute.scripts.shell.words import (
    ASSIGNMENT,
    RUN_TIME,
    Command,
    Line,
    Output,
)
from iac_ec2lint.source.regular_expression import regular_expression

_DEPTH: Final = 8
"""Levels of commands in commands that are read."""
_GROUPS: Final = 100
"""Open groups: none beyond is read."""
_OPENERS: Final = frozenset({"{", "if", "for", "while", "until", "case", "select"})
_CLOSERS: Final = {"}": ("{",), "fi": ("if",), "esac": ("case",)}
_CONDITIONAL: Final = frozenset({"if", "case", "while", "until", "for"})
_LOOPS: Final = ("for", "while", "until", "select")
_PREFIXES: Final = frozenset({"then", "do", "!", "time", "elif", "else"})
_GLOB: Final = regular_expression(r"[*?{]")
_EMPTY: Final = regular_expression(r"\([ \t]*\)")
_DESCRIPTOR: Final = regular_expression(r"\d+(?=[<>])")
_REDIRECTION: Final = regular_expression(r"(\d*|&)(<<<|<<-|<<|<>|<\(|>\(|&>>|>>|&>|>\||>&|<&|<|>)")


def commands(
    script: str, first: int = 1, scope: Scope | None = None, depth: int = 0
) -> list[Command]:
    """The simple commands of a script that may run, in order.

    Args:
        script: The script.
        first: The number of its first line.
        scope: What is known where it stands; it grows with what the script says.
        depth: How deep it stands in other scripts.
    """
    return _Reader(script, first, Scope() if scope is None else scope, depth).read()


class _Reader(WordReader):
    """Reads one script."""

    def __init__(self, text: str, first: int, scope: Scope, depth: int) -> None:
        super().__init__(text, first, scope.known)
        self.scope = scope
        self.depth = depth
        self.done: list[Command] = []
        self.frames: list[Frame] = []
        self.current: Command | None = None
        self.heredocs: list[tuple[Command, str, bool, bool]] = []
        self.piped: list[Command] = []
        self.closed: list[Command] | None = None
        self.naming = ""
        self.chained = False
        self.skips = False
        self.chain_doubt: tuple[int, ...] = ()

    def read(self) -> list[Command]:
        text = self.text
        while self.at < len(text):
            char = text[self.at]
            if char == "\n":
                self._end()
                self._unchain()
                self.at += 1
                self.number += 1
                self._read_heredocs()
            elif char in " \t\r":
                self.at += 1
            elif text.startswith("\\\n", self.at):
                self.at += 2
                self.number += 1
            elif char == "#":
                end = text.find("\n", self.at)
                self.at = len(text) if end < 0 else end
            elif char in ";&|":
                self._operator()
            elif char == "(":
                self._open_parenthesis()
            elif char == ")":
                self._close_parenthesis()
            elif char in "<>" or (char.isdigit() and self._is_descriptor()):
                self._redirection()
            else:
                self._word_of_command()
        self._end()
        return self.done

    # Words and what they do

    def _word_of_command(self) -> None:
        start = self.at
        number = self.number
        word, quoted = self.word()
        if self.at == start:  # nothing that a word begins with
            self.at += 1
            return
        begins = self.current is None or not self.current.words
        if begins and not quoted and self._keyword(word):
            return
        self._take(word, number)

    def _take(self, word: str, number: int) -> None:
        if self.current is None:
            self.closed = None
            self.current = Command(number, self._doubt(), self._source())
        self.current.words.append(word)

    def _keyword(self, word: str) -> bool:
        """Whether a word at the start of a command is the shell's own."""
        if word in _OPENERS:
            self._open(word)
            if word in ("for", "select", "case") and self.frames[-1].word == word:
                self._read_head(self.frames[-1])
            return True
        if word == "done":
            if not self._again():
                self._close(_LOOPS)
            return True
        if word in _CLOSERS:
            self._close(_CLOSERS[word])
            return True
        if word in ("then", "elif", "else"):
            self._branch(word)
        if word == "function":
            while self.text[self.at : self.at + 1] in (" ", "\t"):
                self.at += 1
            self.naming, _ = self.word()
            empty = _EMPTY.match(self.text, self.at)
            self.at = self.at if empty is None else empty.end()
            return True
        return word in _PREFIXES

    def _open(self, word: str) -> None:
        if len(self.frames) < _GROUPS:
            frame = Frame(word, len(self.done), self.piped, self.at, self.number)
            frame.name, self.naming = self.naming, ""
            frame.state = False if self.skips else (self.chain_doubt or None)
            frame.chained = self.chained
            self.frames.append(frame)
        self.piped = []
        self.closed = None

    def _read_head(self, frame: Frame) -> None:
        """Read the words between ``for`` or ``case`` and what follows them."""
        text = self.text
        words: list[str] = []
        while self.at < len(text) and text[self.at] not in "\n;":
            if text[self.at] in " \t":
                self.at += 1
                continue
            start = self.at
            word, quoted = self.word()
            if self.at == start:
                self.at += 1
            if frame.word == "case":
                if word == "in":
                    return
                continue
            words += [word] if quoted else word.split()
        if frame.word == "case" or not words:
            return
        frame.name, frame.at, frame.number = words[0], self.at, self.number
        values = words[2:] if words[1:2] == ["in"] else []
        literal = [RUN_TIME if _GLOB.search(value) else value for value in values]
        again = self.scope.left > 0
        frame.values = literal[1:] if again else []
        self.scope.assign(frame.name, literal[0] if literal and again else RUN_TIME)

    def _again(self) -> bool:
        """Whether the loop that ends here is read once more, with its variable's next value."""
        frame = self.frames[-1] if self.frames else None
        if frame is None or frame.word not in _LOOPS or not frame.values:
            return False
        self.scope.left -= self.at - frame.at
        if self.scope.left < 0:
            return False
        self._end()
        self.scope.assign(frame.name, frame.values.pop(0))
        self.at, self.number = frame.at, frame.number
        return True

    def _close(self, words: tuple[str, ...]) -> None:
        self._end()
        for at in range(len(self.frames) - 1, -1, -1):
            frame = self.frames[at]
            if frame.word not in words:
                continue
            del self.frames[at:]
            if frame.name and frame.word in ("{", "("):
                body = Line(self.text[frame.at : self.at], frame.number)
                self.scope.functions[frame.name] = body
                del self.done[frame.first :]
            self.closed = [one for one in self.done[frame.first :] if not one.consumed]
            self.piped = []
            return

    def _branch(self, word: str) -> None:
        frame = next((f for f in reversed(self.frames) if f.word == "if"), None)
        if frame is None or frame is not self.frames[-1]:
            return
        if word == "then":
            truth = truth_of(self.done[frame.condition :])
            if frame.settled or truth is False:
                frame.state = False
            elif truth is True:
                frame.state, frame.settled = None, True
            else:
                frame.state = truth
        elif word == "elif":
            frame.state = None
            frame.condition = len(self.done)
        else:
            doubt = frame.state if isinstance(frame.state, tuple) else None
            frame.state = False if frame.settled else doubt

    def _doubt(self) -> tuple[int, ...]:
        decided = (f.state for f in self.frames if isinstance(f.state, tuple))
        return (*self.chain_doubt, *(number for state in decided for number in state))

    def _runs(self) -> bool:
        return not self.skips and all(frame.state is not False for frame in self.frames)

    # Operators

    def _operator(self) -> None:
        text = self.text
        pair = text[self.at : self.at + 2]
        if pair == "&>":
            self._redirection()
            return
        if pair in ("|&",) or (text[self.at] == "|" and pair != "||"):
            source = self._finish()
            self.piped = source
            self.at += 2 if pair == "|&" else 1
            return
        last = self._finish()
        self.piped = []
        if pair in ("&&", "||"):
            self._chain(pair, last)
        else:
            self._unchain()
        self.at += 2 if pair in ("&&", "||", ";;", ";&") else 1

    def _chain(self, sign: str, last: list[Command]) -> None:
        """Say whether what stands behind ``&&`` or ``||`` runs."""
        self.chained = True
        if self.skips:
            self.skips = False  # "false && a || b" runs b
            return
        truth = truth_of(last)
        self.skips = truth is not None and truth is (sign == "||")
        if isinstance(truth, tuple):
            self.chain_doubt += truth

    def _unchain(self) -> None:
        self.chained = self.skips = False
        self.chain_doubt = ()

    def _finish(self) -> list[Command]:
        """End the command; what its output comes from."""
        if self.closed is not None and self.current is None:
            found, self.closed = self.closed, None
            return found
        command = self.current
        self.current = None
        self.closed = None
        if command is None:
            return []
        self._add(command)
        return [command]

    def _end(self) -> None:
        self._finish()
        self.piped = []

    def _add(self, command: Command) -> None:
        words = command.words
        while words:
            found = ASSIGNMENT.fullmatch(words[0])
            if found is None:
                break
            self._assign(found[1], found[3], appends=bool(found[2]), alone=len(words) == 1)
            words.pop(0)
        if words and words[0] in ("export", "local", "readonly", "declare", "typeset"):
            for word in words[1:]:
                found = ASSIGNMENT.fullmatch(word)
                if found is not None:
                    self._assign(found[1], found[3], appends=bool(found[2]), alone=True)
        if not self._runs():
            return
        if words and words[0] in self.scope.functions:
            self._call(command)
        elif words == ["shift"]:
            left = [self.known.get(str(number), RUN_TIME) for number in range(2, 10)]
            self.known.update(positional(left))
        elif words or command.outputs:
            self.done.append(command)

    def _call(self, command: Command) -> None:
        """Read the body of a function that is called."""
        self.scope.called.add(command.words[0])
        body = self.scope.functions[command.words[0]]
        self.scope.left -= len(body.text)
        if self.depth >= _DEPTH or self.scope.left < 0:
            return
        given = positional(command.words[1:])
        before = {name: self.known.get(name) for name in given}
        self.known.update(given)
        found = commands(body.text, body.number, self.scope, self.depth + 1)
        for name, value in before.items():
            self.known.pop(name)
            if value is not None:
                self.known[name] = value
        for one in found:
            one.doubt = (*command.doubt, *one.doubt)
            if not one.outputs and not one.consumed:
                one.outputs = list(command.outputs)
            if not one.piped and one.given is None:
                one.piped, one.given = command.piped, command.given
        self.done.extend(found)

    def _assign(self, name: str, value: str, *, appends: bool, alone: bool) -> None:
        if not alone or not self._runs():
            return
        value = self.known.get(name, "") + value if appends else value
        # What is set in one branch alone may also be what it was.
        if self._may_not_run() and self.known.get(name, value) != value:
            value = RUN_TIME
        self.scope.assign(name, value)

    def _may_not_run(self) -> bool:
        """Whether what is read runs only under a condition."""
        return self.chained or any(
            frame.chained or (frame.word in _CONDITIONAL and not frame.settled)
            for frame in self.frames
        )

    def _open_parenthesis(self) -> None:
        text = self.text
        if self.current is not None and self.current.words:
            empty = _EMPTY.match(text, self.at)
            if empty is not None and len(self.current.words) == 1:
                self.at = empty.end()
                self.naming = self.current.words[0]
                self.current = None
                return
            self.at += 1
            return
        self._open("(")
        self.at += 1

    def _close_parenthesis(self) -> None:
        if any(frame.word == "(" for frame in self.frames) and self.frames[-1].word != "case":
            self.at += 1
            self._close(("(",))
            return
        self.current = None  # the pattern of a case
        self.piped = []
        self.at += 1

    # Redirections

    def _is_descriptor(self) -> bool:
        match = _DESCRIPTOR.match(self.text, self.at)
        before = self.text[self.at - 1] if self.at else " "
        return match is not None and before in " \t\n;&|"

    def _redirection(self) -> None:
        match = _REDIRECTION.match(self.text, self.at)
        if match is None:
            self.at += 1
            return
        descriptor, sign = match[1], match[2]
        self.at = match.end()
        if sign in ("<(", ">("):
            self.at -= 1
            inside = self.balanced()
            self.run_inside(inside)
            self._take(RUN_TIME, self.number)
            return
        while self.at < len(self.text) and self.text[self.at] in " \t":
            self.at += 1
        if sign in ("<<", "<<-"):
            self._begin_heredoc(strips=sign == "<<-")
            return
        number = self.number
        word, _ = self.word()
        if sign in (">&", "<&") and (word.isdigit() or word == "-"):
            return
        targets = self._targets()
        for command in targets:
            if sign == "<<<":
                command.given = [Line(t, number) for t in word.split("\n")]
            elif not sign.startswith("<") and descriptor in ("", "1", "&"):
                command.outputs.append(Output(word, sign in (">>", "&>>")))

    def _targets(self) -> list[Command]:
        if self.current is None and self.closed is not None:
            return [one for one in self.closed if not one.outputs]
        if self.current is None:
            self.current = Command(self.number, self._doubt(), self._source())
        return [self.current]

    def _source(self) -> list[Command]:
        """The commands whose output the next one reads: in a group those that the group reads."""
        if self.piped:
            return self.piped
        return next((frame.piped for frame in reversed(self.frames) if frame.piped), [])

    def _begin_heredoc(self, *, strips: bool) -> None:
        start = self.at
        word, quoted = self.word()
        if self.at == start:
            return
        for command in self._targets()[:1] or [Command(self.number, (), [])]:
            self.heredocs.append((command, word, quoted, strips))

    def _read_heredocs(self) -> None:
        pending, self.heredocs = self.heredocs, []
        for command, end, quoted, strips in pending:
            lines: list[Line] = []
            while self.at < len(self.text):
                stop = self.text.find("\n", self.at)
                stop = len(self.text) if stop < 0 else stop
                line = self.text[self.at : stop].rstrip("\r")
                line = line.lstrip("\t") if strips else line
                self.at = stop + 1
                number = self.number
                self.number += 1
                if line == end:
                    break
                lines.append(Line(line if quoted else self._expanded(line), number))
            self.at = min(self.at, len(self.text))
            command.given = lines

    def _expanded(self, line: str) -> str:
        """A line of a heredoc, in which variables are expanded and quotes are not read."""
        if "$" not in line and "`" not in line and "\\" not in line:
            return line
        inner = _Reader(line, self.number, self.scope, self.depth + 1)
        made: list[str] = []
        while inner.at < len(line):
            char = line[inner.at]
            if char == "\\" and line[inner.at + 1 : inner.at + 2] in ("$", "`", "\\"):
                made.append(line[inner.at + 1])
                inner.at += 2
            elif char == "$":
                made.append(inner.dollar())
            elif char == "`":
                made.append(inner.backticks())
            else:
                made.append(char)
                inner.at += 1
        self.done.extend(inner.done)
        return "".join(made)

    def run_inside(self, inside: str) -> str:
        """Read the commands whose output is put in here; that output, where it is literal."""
        if self.depth >= _DEPTH:
            return RUN_TIME
        first = max(self.number - inside.count("\n"), 1)
        inner = Scope()
        inner.known, inner.functions = dict(self.known), self.scope.functions
        inner.called, inner.left = self.scope.called, 0
        found = commands(inside, first, inner, self.depth + 1)
        if not self._runs():
            return RUN_TIME
        if len(found) == 1 and found[0].words[:1] == ["echo"] and not found[0].outputs:
            return " ".join(found[0].words[1:])
        self.done.extend(found)
        if found and hashes_literal(found[-1]):
            return "hash-of-a-literal"
        return RUN_TIME
