"""The front desk: what support is on offer, projects that ask for it, and what comes of them."""
