import AviaryCurl
import Foundation

/// Gets files over HTTP and HTTPS through the system's libcurl, which follows redirects, verifies certificates and
/// honors proxy variables.
package struct HTTPClient: Sendable {
  /// The status and header of an answer.
  package struct Answer: Sendable {
    package var status = 0
    /// `404 Not Found`.
    package var statusText = ""
    /// Values by lowercase name.
    package var fields: [String: String] = [:]
  }

  /// Seconds without data after which a connection counts as lost, at least 1.
  package var patience = 30
  private let library: LibCurl

  /// Loads libcurl. Throws ``FetchError`` if it is missing.
  package init() throws { library = try LibCurl.loaded() }

  /// Gets the contents at an address, starting at a byte offset.
  ///
  /// - Parameters:
  ///   - address: begins with `http://` or `https://`.
  ///   - offset: the first byte wanted; a server without ranges sends everything (status 200 instead of 206).
  ///   - receive: called with each piece of the contents, for statuses below 400 only; an error it throws ends the
  ///     transfer.
  /// - Throws: ``FetchError/status(_:)``, ``FetchError/unreachable(_:)``, ``FetchError/connectionLost(_:)``, and what
  ///   `receive` throws.
  package func get(
    _ address: String, from offset: Int = 0, receive: @escaping (Answer, UnsafeRawBufferPointer) throws -> Void
  ) throws {
    guard let handle = library.makeHandle() else { throw FetchError.unreachable("libcurl is out of memory") }
    defer { library.discard(handle) }
    let exchange = Exchange(receive)
    let code = withExtendedLifetime(exchange) {
      configure(handle, address, offset, Unmanaged.passUnretained(exchange).toOpaque())
      return HTTPClient.withoutBrokenPipes { library.perform(handle) }
    }
    if let failure = exchange.failure { throw failure }
    switch code {
    case 0: return
    case Code.answeredWithError: throw FetchError.status(exchange.answer.statusText)
    default:
      let reason = String(cString: library.message(code))
      throw exchange.answer.status == 0 ? FetchError.unreachable(reason) : FetchError.connectionLost(reason)
    }
  }

  /// Runs a body in which a connection closed by the peer is an error instead of the end of the process. This affects
  /// only this thread: other threads and child processes keep their handling of the signal.
  private static func withoutBrokenPipes<Result>(_ body: () -> Result) -> Result {
    var (pipe, before, pending) = (sigset_t(), sigset_t(), sigset_t())
    sigemptyset(&pipe)
    sigaddset(&pipe, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &pipe, &before)
    defer {
      sigpending(&pending)
      var kind: Int32 = 0
      if sigismember(&pending, SIGPIPE) == 1 { sigwait(&pipe, &kind) }
      pthread_sigmask(SIG_SETMASK, &before, nil)
    }
    return body()
  }

  /// Numbers from libcurl's interface (curl.h).
  private enum Code {
    static let answeredWithError: Int32 = 22
  }

  private enum Option {
    static let address: Int32 = 10002
    static let range: Int32 = 10007
    static let userAgent: Int32 = 10018
    static let contentReceiver: Int32 = 20011
    static let contentContext: Int32 = 10001
    static let headerReceiver: Int32 = 20079
    static let headerContext: Int32 = 10029
    static let lowSpeedLimit: Int32 = 19
    static let lowSpeedTime: Int32 = 20
    static let failsOnError: Int32 = 45
    static let followsRedirections: Int32 = 52
    static let greatestRedirectionCount: Int32 = 68
    static let connectTimeout: Int32 = 78
    static let bufferSize: Int32 = 98
    static let usesNoSignals: Int32 = 99
    static let protocols: Int32 = 181
    static let redirectionProtocols: Int32 = 182
  }

  private func configure(
    _ handle: UnsafeMutableRawPointer, _ address: String, _ offset: Int, _ exchange: UnsafeMutableRawPointer
  ) {
    let httpAndHTTPS = 3
    let numbers = [
      (Option.followsRedirections, 1), (Option.greatestRedirectionCount, 10), (Option.failsOnError, 1),
      (Option.protocols, httpAndHTTPS), (Option.redirectionProtocols, httpAndHTTPS), (Option.usesNoSignals, 1),
      (Option.connectTimeout, patience), (Option.lowSpeedLimit, 1), (Option.lowSpeedTime, patience),
      (Option.bufferSize, 1 << 17),
    ]
    for (option, value) in numbers { _ = aviary_curl_set_long(library.setter, handle, option, value) }
    // libcurl copies strings.
    _ = aviary_curl_set_text(library.setter, handle, Option.address, address)
    _ = aviary_curl_set_text(library.setter, handle, Option.userAgent, "aviary")
    if offset > 0 { _ = aviary_curl_set_text(library.setter, handle, Option.range, "\(offset)-") }
    _ = aviary_curl_set_pointer(library.setter, handle, Option.headerContext, exchange)
    _ = aviary_curl_set_pointer(library.setter, handle, Option.contentContext, exchange)
    _ = aviary_curl_set_receiver(library.setter, handle, Option.headerReceiver) { bytes, size, count, context in
      Exchange.at(context).header(UnsafeRawBufferPointer(start: bytes, count: size * count))
      return size * count
    }
    _ = aviary_curl_set_receiver(library.setter, handle, Option.contentReceiver) { bytes, size, count, context in
      let isTaken = Exchange.at(context).content(UnsafeRawBufferPointer(start: bytes, count: size * count))
      return isTaken ? size * count : 0
    }
  }
}

/// One request and its answer.
private final class Exchange {
  private(set) var answer = HTTPClient.Answer()
  private(set) var failure: (any Error)?
  private let receive: (HTTPClient.Answer, UnsafeRawBufferPointer) throws -> Void

  init(_ receive: @escaping (HTTPClient.Answer, UnsafeRawBufferPointer) throws -> Void) { self.receive = receive }

  static func at(_ context: UnsafeMutableRawPointer) -> Exchange {
    Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
  }

  /// A header line; a redirect starts a new header.
  func header(_ bytes: UnsafeRawBufferPointer) {
    let line = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    if line.hasPrefix("HTTP/") {
      let text = line.drop { $0 != " " }.dropFirst()
      answer = HTTPClient.Answer(status: Int(text.prefix(3)) ?? 0, statusText: String(text))
    } else if let colon = line.firstIndex(of: ":") {
      let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      answer.fields[line[..<colon].lowercased()] = value
    }
  }

  func content(_ bytes: UnsafeRawBufferPointer) -> Bool {
    do {
      try receive(answer, bytes)
      return true
    } catch {
      failure = error
      return false
    }
  }
}
