/// Why a file could not be fetched.
package indirect enum FetchError: Error, Hashable, CustomStringConvertible {
  /// The system lacks this library.
  case noLibrary(String)
  /// No server answered: no network, unknown host, refused connection or untrusted certificate.
  case unreachable(String)
  /// The server answered with an error, such as `404 Not Found`.
  case status(String)
  case connectionLost(String)
  /// The answer has the wrong size.
  case wrongSize(expected: Int, found: Int)
  /// The contents have the wrong digest.
  case wrongDigest(expected: String, found: String)
  /// The file cannot be written: the disk is full or the folder is read-only.
  case unwritable(String, reason: String)
  /// Another process is fetching the same file.
  case occupied(String)
  /// Another file is in its place.
  case inTheWay(String)
  /// None of the mirrors served the file.
  case exhausted(String, [Attempt])

  /// An address and why it failed.
  package struct Attempt: Hashable, Sendable {
    package var address: String
    package var error: FetchError
  }

  /// Whether another mirror may succeed.
  var isTheMirrors: Bool {
    switch self {
    case .unreachable, .status, .connectionLost, .wrongSize, .wrongDigest: true
    case .noLibrary, .unwritable, .occupied, .inTheWay, .exhausted: false
    }
  }

  package var description: String {
    switch self {
    case .noLibrary(let name):
      "downloading needs libcurl, but \(name) is missing; install it (Debian and Ubuntu: apt-get install libcurl4) or "
        + "get the files by other means; 'aviary data list' shows their addresses"
    case .unreachable(let reason): "unreachable (\(reason))"
    case .status(let text): "the server answered \(text)"
    case .connectionLost(let reason): "connection lost (\(reason))"
    case .wrongSize(let expected, let found): "expected \(expected) bytes, found \(found)"
    case .wrongDigest(let expected, let found): "expected SHA-256 \(expected), found \(found)"
    case .unwritable(let path, let reason):
      "\(path): cannot write (\(reason)); the partial download is kept: free space, or choose another folder with --to"
    case .occupied(let path): "\(path): another process is downloading it"
    case .inTheWay(let path):
      "\(path): a file with this name has other contents; remove it to download the right one"
    case .exhausted(let name, let attempts): FetchError.summary(name, attempts)
    }
  }

  private static func summary(_ name: String, _ attempts: [Attempt]) -> String {
    let list = attempts.map { "\($0.address): \($0.error)" }.joined(separator: "; ")
    let isOffline = attempts.allSatisfy { if case .unreachable = $0.error { true } else { false } }
    let remedy = isOffline ? "is there a network?" : "the partial download is kept: try again later"
    return "\(name): no mirror served it: \(list); \(remedy)"
  }
}
