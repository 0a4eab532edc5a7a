"""What was decided, by whom, why: cases, orders, approvals, people."""
