"""What a unit comes to with other inputs: stacks that are joined, environments, arms, branches."""
