"""The only place that may say `proved`."""
