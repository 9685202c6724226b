/// Something that ends the command, said in one line for the person who called it.
struct Failure: Error {
  let message: String

  init(_ message: String) {
    self.message = message
  }
}
