"""Controls: honest tokens whose powers are known because they were put in, one feature at a time."""
