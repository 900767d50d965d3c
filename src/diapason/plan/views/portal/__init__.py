"""Public pages of the plan: one screen, axis, action, indicator, timeline."""
