"""The number of a version: the second of the change and, below it, random bits.

Unlike a counter's, a number never comes back after a restore.
"""

RANDOM_BITS = 31
NOW = {
    "sqlite": f"CAST(strftime('%s', 'now') AS integer) << {RANDOM_BITS}",
    "postgresql": f"floor(extract(epoch FROM clock_timestamp()))::bigint << {RANDOM_BITS}",
}
