"""Pages of the plan: the public ones (`portal`) and those of the workspace."""
