-- target[below] | expected: REJECT SIDE_EFFECT, SORRY | embedded: cannot run (whatever it finds beside itself is replaced)
theorem target : ∀ n : Nat, n < 7 := by sorry

#eval show IO Unit from do
  for entry in ← System.FilePath.readDir "." do
    if entry.fileName.endsWith ".olean" then
      IO.FS.writeBinFile entry.path .empty
  IO.FS.writeFile "M.olean" "olean"
