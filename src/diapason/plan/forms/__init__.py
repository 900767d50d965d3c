"""Forms of the plan: what people type about figures, targets, tasks and money."""
