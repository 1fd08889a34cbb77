"""What is said of a run: its summary, and that as tables, plots and a page."""
