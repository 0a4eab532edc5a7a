"""OONI web_connectivity measurements, read and written (data format 0.2.0, test 0.4 and 0.5)."""
