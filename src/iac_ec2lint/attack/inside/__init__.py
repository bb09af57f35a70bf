"""Where one gets from a host inside, over the network and by key pairs."""
