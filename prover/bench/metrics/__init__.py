"""What the figures of a benchmark are computed with: estimators, laws, comparisons. Pure."""
