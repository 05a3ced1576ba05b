"""Taylor's method as one fused native loop: the series of a flow, written out to an order."""
