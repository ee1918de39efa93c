"""How fast, layer by layer, and against whom: ``python -m benchmarks`` prints one table."""
