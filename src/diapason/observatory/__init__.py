"""The observatory: what enterprises say of their own results, year by year."""
