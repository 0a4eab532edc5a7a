"""The payments desk: find the accounts that settle unlicensed trades, and halt fairly."""
