"""The payments desk: accounts that settle unlicensed trades, found in what a payment firm sees."""
