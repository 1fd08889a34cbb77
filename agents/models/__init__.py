"""Language models, whoever serves them, behind one narrow Protocol."""
