"""Pictures of the graph: what is drawn, how it is laid out, and one file an output format.

A format renders and decides nothing. ``section`` reads the graph of one unit, ``selection``
narrows it to what somebody asks about, ``picture`` says what is drawn of it.
"""
