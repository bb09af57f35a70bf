"""The JSON Schema of configuration files, made of the checks' own parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.answers.account_facts import ACCOUNT_FACTS
from iac_ec2lint.engine.finding import Severity
from iac_ec2lint.values.known import CLOSED_GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.engine.finding import CheckInfo

Schema = dict[str, object]

_WORDS: Schema = {"type": "array", "items": {"type": "string", "minLength": 1}}
_TEXT: Schema = {"type": "string", "minLength": 1}
_TEXTS: Schema = {"anyOf": [_TEXT, _WORDS]}
_FLAG: Schema = {"type": "boolean"}
_KNOWN: Schema = {"type": ["boolean", "null"]}
_SEVERITY: Schema = {"enum": [str(severity) for severity in Severity]}
_DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
_VALUES: Schema = {"type": "object"}
_RANGE = r"^[0-9A-Fa-f.:]+/[0-9]{1,3}$"
_INPUTS: Schema = {
    "type": "object",
    "description": (
        "var.NAME, data.TYPE.NAME.ATTRIBUTE, module.NAME.OUTPUT, terraform.workspace, a template's"
        " parameter, AWS::Region, export:NAME, STACK.Outputs.NAME; * is any text without a dot or"
        " slash, ** any. Null says nothing."
    ),
    "propertyNames": {"minLength": 1},
}
_SCALARS: Schema = {
    "type": "object",
    "additionalProperties": {"type": ["string", "number", "boolean"]},
}


def _described(schema: Schema, description: str) -> Schema:
    return {"description": description, **schema}


def _object(properties: dict[str, Schema], required: Iterable[str] = ()) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [*required],
        "properties": properties,
    }


def _entries(properties: dict[str, Schema], required: Iterable[str]) -> Schema:
    return {"type": "array", "items": _object(properties, required)}


_WHERE = "Paths in gitignore's syntax, relative to this file's folder."
_REASON = _described(_TEXT, "Why; it is shown wherever it is used.")


_KNOWN_FACTS: Schema = _described(
    _object(
        {
            "ranges": _described(
                {"type": "array", "items": {"type": "string", "pattern": _RANGE}},
                "Public ranges that are your own, such as an office's: nobody else comes"
                " from there. At most an IPv4 /8 and an IPv6 /20 in all.",
            ),
            "private-subnets": _described(
                {"type": "object", "additionalProperties": _KNOWN},
                "Subnets declared elsewhere, by address or id, or the input that gives them: true"
                " where no route from the internet leads there.",
            ),
            CLOSED_GROUPS: _described(
                {"type": "object", "additionalProperties": _KNOWN},
                "Security groups declared elsewhere, by address or id, or the input that gives"
                " them: true where they let nothing in from the internet.",
            ),
            "images": _described(
                {"type": "object", "additionalProperties": {"type": ["string", "null"]}},
                "Images by id: what each is called, or the path of the parameter of Systems"
                " Manager that gave it.",
            ),
            "account": _described(
                _entries(
                    {
                        "regions": _described(_WORDS, "All where there are none."),
                        **{
                            name: _described(_KNOWN, one.words)
                            for name, one in ACCOUNT_FACTS.items()
                        },
                    },
                    (),
                ),
                "What your accounts do outside of the code.",
            ),
        }
    ),
    "What you know that the files do not say.",
)

_ROOTS: Schema = _described(
    _entries(
        {
            "path": _described(_TEXTS, f"Which root modules. {_WHERE}"),
            "variables": _VALUES,
            "variable-files": _WORDS,
            "inputs": _INPUTS,
            "workspace": _TEXT,
        },
        ("path",),
    ),
    "What some root modules are evaluated with, over what all are.",
)

_TEMPLATES: Schema = _described(
    _entries(
        {
            "path": _described(_TEXTS, f"Which templates. {_WHERE}"),
            "parameters": _SCALARS,
            "parameter-files": _WORDS,
            "inputs": _INPUTS,
        },
        ("path",),
    ),
    "What some templates are evaluated with, over what all are.",
)

_PATHS: Schema = _described(
    _entries(
        {
            "path": _described(_TEXTS, _WHERE),
            "ignore": _described(_WORDS, "Checks whose findings there are suppressed."),
            "reason": _REASON,
            "until": _DAY,
        },
        ("path", "ignore"),
    ),
    "Checks whose findings in some files are suppressed.",
)

_SUPPRESS: Schema = _described(
    _entries(
        {
            "check": _described(_TEXTS, "Codes or names of checks."),
            "address": _described(
                _TEXTS, "Addresses of resources; * is any text without a dot or slash."
            ),
            "path": _described(_TEXTS, _WHERE),
            "reason": _REASON,
            "until": _described(_DAY, "The last day on which it is in force."),
        },
        ("check", "address"),
    ),
    "Findings that are accepted, by check and address.",
)

_SUPPRESSIONS: Schema = _described(
    _object(
        {
            "require-reason": _described(
                _FLAG,
                "Whether suppressions without a reason suppress nothing. Where it is not"
                " said, that is so of those in configurations, and comments are noted.",
            )
        }
    ),
    "How suppressions are written.",
)

_ACCEPT_INCOMPLETE: Schema = _described(
    _entries(
        {
            "path": _described(_TEXTS, _WHERE),
            "message": _described(_TEXT, "Words of the error."),
            "reason": _REASON,
        },
        ("path", "reason"),
    ),
    "Errors that are listed and do not make the scan incomplete.",
)

_FORBID: Schema = _described(
    _object(
        {
            "suppress": _described(_WORDS, "Checks that nothing suppresses."),
            "ignore": _described(_WORDS, "Checks that run whatever is ignored."),
            "lower": _described(_WORDS, "Checks whose severity is not lowered."),
            "exclude": _described(_FLAG, "Whether paths may not be left out."),
            "accept-incomplete": _described(_FLAG, "Whether no error is accepted."),
            "set": _described(_FLAG, "Whether no parameter of a check is set."),
            "inputs": _described(
                _FLAG, "Whether no value of an input, variable or parameter is given."
            ),
            "known": _described(_FLAG, "Whether nothing is said to be known."),
        }
    ),
    "What the configuration of a scanned repository may not do: for --policy-config alone.",
)


def schema(infos: Iterable[CheckInfo]) -> Schema:
    """What may stand in a configuration file.

    Args:
        infos: All checks that there are: each may have its parameters set.
    """
    checks, shared = _parameters(infos)
    properties: dict[str, Schema] = {
        "select": _described(_WORDS, "The checks that run, as --select takes them."),
        "ignore": _described(_WORDS, "The checks that do not run, as --ignore takes them."),
        "severity": _described(
            _object(dict.fromkeys(checks, _SEVERITY)),
            "The severity of a check's worst findings; lesser ones move with it.",
        ),
        "fail-on": _described(_SEVERITY, "As --fail-on."),
        "fail-on-undecided": _described(_SEVERITY, "As --fail-on-undecided."),
        "strict": _described(_FLAG, "As --strict."),
        "branches": _described({"enum": ["default", "all"]}, "As --branches."),
        "region": _described(_TEXT, "As --region."),
        "require-modules": _described(_FLAG, "As --require-modules."),
        "external-modules": _described(
            {"enum": ["report", "attribute", "ignore"]}, "As --external-modules."
        ),
        "compliance": _described(_WORDS, "As --compliance."),
        "baseline": _described(_TEXT, "As --baseline; a file of the work tree."),
        "exclude": _described(_WORDS, "Paths that are left out, as --exclude takes them."),
        "variables": _described(_VALUES, "Terraform input variables of every root module."),
        "variable-files": _described(_WORDS, "Files of them."),
        "parameters": _described(_SCALARS, "CloudFormation parameters of every template."),
        "parameter-files": _described(_WORDS, "Files of them."),
        "inputs": _described(_INPUTS, "Values of what the files leave open, by address."),
        "known": _KNOWN_FACTS,
        "roots": _ROOTS,
        "templates": _TEMPLATES,
        "paths": _PATHS,
        "suppress": _SUPPRESS,
        "suppressions": _SUPPRESSIONS,
        "accept-incomplete": _ACCEPT_INCOMPLETE,
        "checks": _described(_object(checks), "Parameters of checks, by code."),
        **{name.replace("_", "-"): one for name, one in sorted(shared.items())},
        "forbid": _FORBID,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Configuration of iac-ec2lint",
        **_object(properties),
    }


def _parameters(infos: Iterable[CheckInfo]) -> tuple[dict[str, Schema], dict[str, Schema]]:
    """The parameters of each check by its code, and those that several share by their names."""
    checks: dict[str, Schema] = {}
    shared: dict[str, Schema] = {}
    for info in infos:
        own: dict[str, Schema] = {}
        for one in info.parameters:
            described = _described(dict(one.schema), one.help)
            if one.shared:
                shared[one.name] = described
            else:
                own[one.name] = described
        checks[info.code] = _described(_object(own), info.summary)
    return checks, shared
