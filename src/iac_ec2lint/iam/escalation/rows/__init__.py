"""The ways from a principal to what another has, as rows: what each needs (semantics.md, D6).

Where AWS documents more than that says, the documentation counts; each file names it.
"""
