"""Configuration in files: ``.iac-ec2lint.yaml``, or ``[tool.iac-ec2lint]`` in ``pyproject.toml``.

What stands there is data and is checked by a JSON Schema that is made of the checks' own
parameters. It never executes anything and names no path outside the boundary.
"""
