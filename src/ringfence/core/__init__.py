"""What everything stands on: identifiers, time, errors, settings, the database."""
