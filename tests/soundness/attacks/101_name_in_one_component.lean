-- target[namespaced] | expected: REJECT MISSING (`«Algebra.target»` is not `Algebra.target`)
theorem «Algebra.target» : True := trivial
