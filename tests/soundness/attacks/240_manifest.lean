-- target[project] | expected: REJECT PROJECT_FILE, BUILD | embedded: cannot run (a dependency from somewhere else)
{"version": "1.1.0", "packages": [{"url": "file:///tmp/evil", "type": "git", "name": "std", "rev": "main"}]}
