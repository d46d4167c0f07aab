import Shell

@main
enum Main {
  static func main() { Ringside.main() }
}
