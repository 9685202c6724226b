/// Why a file could not be fetched.
package indirect enum FetchError: Error, Hashable, CustomStringConvertible {
  /// The system has no library of this name.
  case noLibrary(String)
  /// No server answered: no network, no such host, a refusal, a certificate that is not to be trusted.
  case unreachable(String)
  /// The server answered with an error, such as `404 Not Found`.
  case status(String)
  /// The answer broke off.
  case connectionLost(String)
  /// The answer is not of the file's size.
  case wrongSize(expected: Int, found: Int)
  /// The contents are not the file's.
  case wrongDigest(expected: String, found: String)
  /// The disk does not take the file: it is full, or the folder may not be written in.
  case unwritable(String, reason: String)
  /// Another process is fetching the same file.
  case occupied(String)
  /// There is another file in its place.
  case inTheWay(String)
  /// None of the addresses gave the file.
  case exhausted(String, [Attempt])

  /// An address and what came of it.
  package struct Attempt: Hashable, Sendable {
    package var address: String
    package var error: FetchError
  }

  /// Whether another address may do better.
  var isTheMirrors: Bool {
    switch self {
    case .unreachable, .status, .connectionLost, .wrongSize, .wrongDigest: true
    case .noLibrary, .unwritable, .occupied, .inTheWay, .exhausted: false
    }
  }

  package var description: String {
    switch self {
    case .noLibrary(let name):
      "fetching needs libcurl, and there is no \(name); install it (Debian and Ubuntu: apt-get install libcurl4), or "
        + "get the files by other means: 'aviary data list' shows where from"
    case .unreachable(let reason): "it cannot be reached (\(reason))"
    case .status(let text): "the server answered \(text)"
    case .connectionLost(let reason): "the connection broke off (\(reason))"
    case .wrongSize(let expected, let found): "expected \(expected) bytes, found \(found)"
    case .wrongDigest(let expected, let found): "expected contents of the SHA-256 \(expected), found \(found)"
    case .unwritable(let path, let reason):
      "\(path): it cannot be written (\(reason)); what came so far is kept: make room, or choose another folder with --to"
    case .occupied(let path): "\(path): another process is fetching it"
    case .inTheWay(let path):
      "\(path): there is a file of this name with other contents; remove it to have it fetched"
    case .exhausted(let name, let attempts): FetchError.summary(name, attempts)
    }
  }

  private static func summary(_ name: String, _ attempts: [Attempt]) -> String {
    let list = attempts.map { "\($0.address): \($0.error)" }.joined(separator: "; ")
    let isOffline = attempts.allSatisfy { if case .unreachable = $0.error { true } else { false } }
    let remedy = isOffline ? "is there a network?" : "what came so far is kept: try again later"
    return "\(name): no address gave it: \(list); \(remedy)"
  }
}
