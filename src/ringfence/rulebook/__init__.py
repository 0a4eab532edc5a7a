"""What the law requires: provisions, elements, findings and assessments."""
