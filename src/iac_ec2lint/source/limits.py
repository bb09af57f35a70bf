"""Bounds on what one scan reads and expands, in one place. Hitting one is an error."""

from typing import Final

FILE_BYTES: Final = 5_000_000
"""Size of a configuration or template file, in bytes."""

PLAN_BYTES: Final = 200_000_000
"""Size of a plan in JSON, in bytes."""

PLAN_BRACKETS: Final = 5_000_000
"""Lists and objects in a plan: what is largest in memory for its bytes."""

BASELINE_BYTES: Final = 20_000_000
"""Size of a baseline, in bytes."""

NESTING: Final = 200
"""Depth of nested brackets, blocks, mappings and sequences in one file."""

ALIAS_NODES: Final = 1_000_000
"""Nodes that a YAML document has once its aliases are followed."""

MODULE_DEPTH: Final = 64
"""Module calls, or nested stacks, inside one another."""

EVALUATION_DEPTH: Final = 400
"""References that an expression goes through, one leading to the next."""

VALUE_NODES: Final = 1_000_000
"""Elements and members, of all depths, of what one name in a configuration stands for."""

STRING_LENGTH: Final = 5_000_000
"""Code points in one string that an expression makes."""

NUMBER_DIGITS: Final = 4_000
"""Digits of a number before its point, and places after it."""

PATTERN_STEPS: Final = 2_000_000
"""Steps that matching one regular expression against one string takes."""
