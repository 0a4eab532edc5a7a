"""Ringfence: supervision of unlicensed crypto-asset services."""

__version__ = "0.1.0"
