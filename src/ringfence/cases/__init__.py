"""What was decided, by whom, why."""
