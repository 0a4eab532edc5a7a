"""What is done: artefacts for enforcement points, and the guard that stops overblocking."""
