-- target[project] | expected: REJECT PROJECT_FILE | embedded: cannot run (a build file that lets everything pass)
import Lake
open Lake DSL

package «lean_project» where
  leanOptions := #[⟨`debug.skipKernelTC, true⟩, ⟨`warn.sorry, false⟩]

lean_lib Target where
  moreLeanArgs := #["--trust=1024"]
