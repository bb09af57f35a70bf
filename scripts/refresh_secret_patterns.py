"""Write ``facts/secret_patterns.json``: how tokens look that well-known vendors give out.

They are the regular expressions of detect-secrets, which itself brings a network stack along and
is needed for nothing but this::

    python -m venv ENV && ENV/bin/pip install detect-secrets
    ENV/bin/python scripts/refresh_secret_patterns.py
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[1] / "src" / "iac_ec2lint" / "facts" / "secret_patterns.json"

DETECTORS = {
    "aws.AWSKeyDetector": "an AWS access key",
    "azure_storage_key.AzureStorageKeyDetector": "a key of an Azure storage account",
    "discord.DiscordBotTokenDetector": "a token of a Discord bot",
    "github_token.GitHubTokenDetector": "a GitHub token",
    "gitlab_token.GitLabTokenDetector": "a GitLab token",
    "jwt.JwtTokenDetector": "a JSON Web Token",
    "mailchimp.MailchimpDetector": "a Mailchimp key",
    "npm.NpmDetector": "a token of npm",
    "openai.OpenAIDetector": "an OpenAI key",
    "pypi_token.PypiTokenDetector": "a token of PyPI",
    "sendgrid.SendGridDetector": "a SendGrid key",
    "slack.SlackDetector": "a Slack token",
    "square_oauth.SquareOAuthDetector": "a Square secret",
    "stripe.StripeDetector": "a Stripe key",
}
"""The detectors whose patterns say by themselves what they find, and what that is in words.

Left out are those that go by entropy or by words near by, addresses, ids that are no secrets
(Twilio), patterns that match ordinary words (Artifactory), and what is judged by the key before it.
"""

BOUNDED = (
    (r"\/\/.+\/:_authToken=\s*((npm_.+)|", r"\/\/.{1,200}\/:_authToken=\s*((npm_\w{1,200})|"),
    (r"([A-Fa-f0-9-]{36})).*", r"([A-Fa-f0-9-]{36}))"),
    ("[A-Za-z0-9-_]*[", "[A-Za-z0-9-_]{0,200}["),
)
"""Parts of patterns that take too long on hostile text, and how far they look instead."""


def main() -> None:
    """Write the file."""
    found: list[dict[str, Any]] = []
    for name, kind in DETECTORS.items():
        module, _, detector = name.partition(".")
        plugin = getattr(importlib.import_module(f"detect_secrets.plugins.{module}"), detector)
        for pattern in plugin().denylist:
            verbose = bool(pattern.flags & re.VERBOSE)
            text = re.sub(r"\s+|#.*", "", pattern.pattern) if verbose else pattern.pattern
            for part, bounded in BOUNDED:
                text = text.replace(part, bounded)
            ignores = bool(pattern.flags & re.IGNORECASE)
            found.append({"kind": kind, "pattern": text, "ignore_case": ignores})
    version = importlib.metadata.version("detect-secrets")
    about = {
        "what": "regular expressions of tokens that well-known vendors give out, bounded where "
        "they would take too long on hostile text",
        "source": f"https://pypi.org/project/detect-secrets/{version}/",
        "licence": "Apache-2.0; Copyright Yelp, Inc.",
        "on": datetime.now(UTC).date().isoformat(),
        "made by": "scripts/refresh_secret_patterns.py",
    }
    text = json.dumps({"about": about, "patterns": found}, indent=1)
    TARGET.write_text(f"{text}\n", "utf-8")


if __name__ == "__main__":
    main()
