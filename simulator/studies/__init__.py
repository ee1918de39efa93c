"""Questions answered by simulating, on the same futures for every answer that is compared."""
