-- target[project] | expected: REJECT PROJECT_FILE, KERNEL | embedded: cannot run (the same as data; this first line is a Lean comment before it)
name = "lean_project"
defaultTargets = ["Target"]

[leanOptions]
debug.skipKernelTC = true

[[lean_lib]]
name = "Target"
