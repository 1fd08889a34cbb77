"""What became of a run: figures from its events, and their tables and plots. Reads; decides nothing."""
