"""Sets of addresses, ports and traffic; knows no graph."""
