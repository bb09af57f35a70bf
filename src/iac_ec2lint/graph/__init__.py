"""The graph of typed resources, and the questions to ask it. Knows no language."""
