"""How a principal comes to have what another may do: the table of ways, and which of them hold."""
