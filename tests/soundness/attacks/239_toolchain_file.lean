-- target[project] | expected: REJECT PROJECT_FILE, BUILD | embedded: cannot run (an older Lean, whose kernel has known bugs)
leanprover/lean4:v4.9.0
