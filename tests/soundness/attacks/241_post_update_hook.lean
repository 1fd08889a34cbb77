-- target[project] | expected: REJECT PROJECT_FILE | embedded: cannot run (a program that runs with the build)
import Lake
open Lake DSL

package «lean_project»

post_update pkg do
  IO.FS.writeFile (pkg.dir / "updated") "yes"

@[default_target] lean_exe judge where
  root := `Main
