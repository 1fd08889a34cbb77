"""Search for premises: what a proof might use, of the project and of all that is compiled below it.

`entries` reads declarations from compiled modules, `shelf` keeps them in an index on disk or in memory, `library` makes
the index of a toolchain's own library once, `corpus` that of a LeanDojo corpus, `query` says what a text asks for, and
`searcher` answers for the project as it is at a commit. What is found are hints; nothing here decides anything.
"""
