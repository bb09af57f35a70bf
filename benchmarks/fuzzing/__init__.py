"""What the fuzzers write; ``benchmarks/fuzz.py`` tries it."""
