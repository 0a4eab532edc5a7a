"""Instruments: one folder per kind of subject, each with ``observe`` (I/O) and ``find`` (pure)."""
