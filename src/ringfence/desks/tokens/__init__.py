"""What a contract's code can do to those who hold its token, shown by calls that can be made again."""
