"""Which accounts settle unlicensed trades in coins, seen in payments alone."""
