"""The payments desk: accounts that settle unlicensed trades, found from the ordered stream of payments."""
