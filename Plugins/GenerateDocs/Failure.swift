/// An error that ends the command, with a one-line message for the user.
struct Failure: Error {
  let message: String

  init(_ message: String) {
    self.message = message
  }
}
