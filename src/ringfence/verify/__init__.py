"""Did it work, and did it hit only what it should: expectations against fresh observations."""
