"""``python -m iac_ec2lint``."""

from iac_ec2lint.cli.main import main

if __name__ == "__main__":
    main()
