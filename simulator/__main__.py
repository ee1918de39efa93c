"""`python -m simulator` is `stagger`."""

from simulator.cli import main

main(prog_name="stagger")
