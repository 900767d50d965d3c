"""What the workspace reads: readings and where they wait, tasks, money, the day of each person."""
