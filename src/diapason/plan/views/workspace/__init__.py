"""Pages of the plan's workspace: figures to declare and approve, targets, tasks, money."""
