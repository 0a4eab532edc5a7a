"""Who is watched, and who is authorised."""
