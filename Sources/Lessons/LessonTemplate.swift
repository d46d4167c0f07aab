/// What a new lesson looks like: one block of each kind, ready to be changed.
public enum LessonTemplate {
  /// The text of a `lesson.md`.
  ///
  /// - Parameters:
  ///   - id: number, dash, name: `12-my-lesson`; also the folder's name.
  ///   - title: the title; `nil` makes one of the id's words.
  /// - Returns: nil if `id` is not well formed.
  public static func text(id: String, title: String? = nil) -> String? {
    guard LessonDocument.isWellFormed(id: id) else { return nil }
    let words = id.drop { $0 != "-" }.dropFirst().map { $0 == "-" ? " " : $0 }
    let heading = title ?? words.prefix(1).map { $0.uppercased() }.joined() + words.dropFirst()
    return """
      ---
      id: \(id)
      title: '\(heading.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'
      minutes: 5
      needs: []
      machine:
        profile: strict
        memory: 4M
      programs: []
      sources:
        - Who wrote it, the name of the work, the year or the chapter
      ---

      # \(heading)

      ## The first part

      Say in a few sentences what the learner is about to see. Enter goes on.

      ---

      This is the next screen.

      ```note
      Seen by the teacher alone.
      ```

      ```run
      asm addi a0, a0, 1
      ```

      ```quiz
      question: In which ring does a machine start?
      choices:
        - text: In ring 0
          right: true
          reply: Somebody has to set things up.
        - text: In ring 3
          reply: Then nobody could ever fill the tables.
      ```

      ## Something to do

      ```setup
      asm addi a0, a0, 1
      ```

      The register a0 holds 0<!-- = a0 --> now.

      ```try
      task: Put 5 into the register a0.
      goal:
        - holds: a0 == 5
          says: a0 holds 5
      wrong:
        - when: a1 == 5
          reply: That was a1.
          sample: set a1 = 5
      hints:
        - The command `set` changes registers.
        - 'Type `set a0 = 5`.'
      solution:
        - set a0 = 5
      roads:
        - ['asm li a0, 5', step]
      done: The debugger may change anything.
      ```

      ```predict
      question: What is in a0 after one more step?
      answer: a0
      reply: The machine says so.
      otherwise: Not quite; see above.
      run:
        - step
      ```

      ## What to take along

      - One sentence that stays.

      """
  }
}
