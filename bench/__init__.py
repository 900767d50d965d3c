"""How fast, as ratios in one run on one machine: `make bench`, `make bench-pages`."""
