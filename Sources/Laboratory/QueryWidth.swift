import OnionISA

// How wide what an expression says is: 32 bits as all of the machine, or a count of 64.
extension Session {
  /// The expression's value as the machine would hold it, and whether it is such a word.
  ///
  /// What is made of registers, memory and labels has 32 bits: what does not fit is lost, as on the CPU.
  /// Counts (of steps, cycles, traps) and the user's own variables keep 64; so do numbers alone.
  public func wordOrCount(
    of expression: String
  ) throws(ConditionError) -> (value: Int64, isWord: Bool) {
    let query = try Query.parse(expression)
    let value = try value(of: query)
    guard has(query, isWord), !has(query, isCount) else { return (value, false) }
    // A negative number stays one.
    if Int32(exactly: value) != nil { return (value, true) }
    return (Int64(UInt32(truncatingIfNeeded: value)), true)
  }

  private func has(_ query: Query, _ test: (Query) -> Bool) -> Bool {
    if test(query) { return true }
    switch query {
    case .unary(_, let inner): return has(inner, test)
    case .binary(_, let left, let right, _): return has(left, test) || has(right, test)
    // What an address is made of says nothing of what is there.
    case .ofGuest(_, let inner, _): return has(inner, test)
    case .number, .name, .label, .variable, .call, .memory: return false
    }
  }

  private func isWord(_ query: Query) -> Bool {
    switch query {
    case .memory, .label: true
    case .name: !isCount(query)
    case .number, .variable, .call, .ofGuest, .unary, .binary: false
    }
  }

  private func isCount(_ query: Query) -> Bool {
    switch query {
    case .variable, .call: true
    case .name(let name, _):
      ["steps", "cycles", "instructions", "console.length"].contains(name) || name.hasPrefix("vmm.")
    case .number, .label, .memory, .ofGuest, .unary, .binary: false
    }
  }
}
