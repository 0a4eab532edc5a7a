"""Graph features of every payment, exact within time windows, in state that is bounded by the windows."""
