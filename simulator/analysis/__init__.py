"""Numbers from outcomes, never simulating."""
