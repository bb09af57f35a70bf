"""The parts of one scan: judging a unit, alone or in a worker, and making the report."""
