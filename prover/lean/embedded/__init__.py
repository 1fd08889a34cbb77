"""The Lean that installs from the package registries: a WebAssembly build run by Node."""
