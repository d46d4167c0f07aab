@main
enum Ringside {
  static func main() {}
}
