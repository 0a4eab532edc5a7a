"""The doors: command line first; API and console later."""
