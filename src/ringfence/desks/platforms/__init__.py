"""Trading platforms: what a site offers, and to whom."""
