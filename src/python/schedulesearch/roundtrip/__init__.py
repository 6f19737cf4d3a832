"""Profile, solve, run and compare on one machine: `python -m schedulesearch.roundtrip`."""
