"""What is done: entries, the guard, artefacts and the targets that consume them."""
