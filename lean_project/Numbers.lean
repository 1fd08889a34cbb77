module

public import Numbers.Sum
public import Numbers.Figurate
public import Numbers.Power
public import Numbers.Factorial
public import Numbers.Binomial
public import Numbers.Fibonacci
public import Numbers.Parity
public import Numbers.Prime
public import Numbers.Fermat

/-!
# Numbers

A short text on elementary number theory and counting, from finite sums to Fermat's little theorem.
The chapters are best read in the order of the imports. What is still open says `sorry`.
-/
