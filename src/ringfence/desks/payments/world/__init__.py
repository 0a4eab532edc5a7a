"""A labelled world of payments: guilty designs, honest ones that look like them, and everyday life.

It is for unit tests, load tests and development. Its authors wrote the rules too, so figures on it say
nothing about strangers' data; development seeds (1-99) and reporting seeds (1001 and above) are different
families, see `draw`.
"""
