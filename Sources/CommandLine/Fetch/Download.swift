import Aviary
import Foundation

/// Downloads one file from the first mirror that serves it, resuming an earlier download.
///
/// The file is identified by its size and SHA-256, so any mirror may serve any part of it, and there is no need to ask
/// a server whether its file has changed (`If-Range`): a mix of two versions would have another digest, and is then
/// fetched again from the start.
package struct Download {
  package enum Outcome: Sendable {
    /// It was already there.
    case present
    case fetched
  }

  package var file: RemoteFile
  /// The folder it belongs in, which must exist.
  package var folder: String
  package var client: HTTPClient
  /// Called often with the number of bytes received so far.
  package var observer: (Int) -> Void = { _ in }

  /// How often to resume a lost connection, as long as each attempt makes progress.
  private static let greatestResumptionCount = 10

  package init(_ file: RemoteFile, into folder: String, by client: HTTPClient) {
    (self.file, self.folder, self.client) = (file, folder, client)
  }

  private var target: String { folder.appendingPath(file.name) }

  /// Fetches the file unless it exists. Throws ``FetchError``.
  package func run() throws -> Outcome {
    if let count = FileBytes.count(target) {
      guard count == file.byteCount, try digest(target) == file.sha256 else { throw FetchError.inTheWay(target) }
      return .present
    }
    let part = try PartialFile(of: target)
    var attempts: [FetchError.Attempt] = []
    for address in file.addresses {
      do {
        try complete(part, from: address)
        try finish(part)
        return .fetched
      } catch let error as FetchError where error.isTheMirrors {
        attempts.append(.init(address: address, error: error))
      }
    }
    part.removeIfEmpty()
    throw FetchError.exhausted(file.name, attempts)
  }

  /// Fetches the missing bytes from one address and checks the whole file.
  private func complete(_ part: PartialFile, from address: String) throws {
    if part.byteCount > file.byteCount { try part.restart() }
    var mayMix = part.byteCount > 0
    var resumptions = 0
    while true {
      let before = part.byteCount
      if before < file.byteCount {
        do {
          try transfer(part, from: address)
        } catch FetchError.connectionLost
          where part.byteCount > before && resumptions < Download.greatestResumptionCount
        {
          resumptions += 1
          continue
        } catch FetchError.status(let text) where text.hasPrefix("416") && before > 0 {
          try part.restart()
          mayMix = false
          continue
        }
      }
      let found = try digest(part.path)
      if found == file.sha256 { return }
      try part.restart()
      // The earlier part may be damaged, or of another file.
      guard mayMix else { throw FetchError.wrongDigest(expected: file.sha256, found: found) }
      mayMix = false
    }
  }

  private func transfer(_ part: PartialFile, from address: String) throws {
    let start = part.byteCount
    var hasBegun = false
    try client.get(address, from: start) { answer, bytes in
      if !hasBegun { try begin(part, at: start, answer) }
      hasBegun = true
      guard part.byteCount + bytes.count <= file.byteCount else {
        let found = part.byteCount + bytes.count
        try part.restart()
        throw FetchError.wrongSize(expected: file.byteCount, found: found)
      }
      try part.append(bytes)
      observer(part.byteCount)
    }
    guard part.byteCount == file.byteCount else {
      let found = part.byteCount
      try part.restart()
      throw FetchError.wrongSize(expected: file.byteCount, found: found)
    }
  }

  /// Checks an answer against the request before writing any of it.
  private func begin(_ part: PartialFile, at start: Int, _ answer: HTTPClient.Answer) throws {
    if answer.status == 206 {
      // bytes FIRST-LAST/TOTAL
      let numbers = (answer.fields["content-range"] ?? "").split { !$0.isNumber }.compactMap { Int($0) }
      guard numbers.count == 3, numbers[0] == start, numbers[2] == file.byteCount else {
        throw FetchError.wrongSize(expected: file.byteCount, found: numbers.last ?? 0)
      }
    } else {
      if let text = answer.fields["content-length"], let count = Int(text), count != file.byteCount {
        throw FetchError.wrongSize(expected: file.byteCount, found: count)
      }
      if start > 0 { try part.restart() }
    }
  }

  private func digest(_ path: String) throws -> String {
    do {
      return try SHA256.hexadecimal(ofFile: path)
    } catch let error as FormatError {
      throw FetchError.unwritable(path, reason: error.found)
    }
  }

  private func finish(_ part: PartialFile) throws {
    do {
      try AtomicFile.replace(target, with: part.path)
    } catch let error as FormatError {
      throw FetchError.unwritable(target, reason: error.found)
    }
  }
}
