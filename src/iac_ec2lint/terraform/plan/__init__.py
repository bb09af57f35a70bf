"""Plans as JSON: from what terraform show prints to declarations."""
