-- target[below] | expected: REJECT CHANNEL, SORRY (an answer of the language server)
theorem target : ∀ n : Nat, n < 7 := by sorry

#eval IO.print "Content-Length: 38\r\n\r\n{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}"
