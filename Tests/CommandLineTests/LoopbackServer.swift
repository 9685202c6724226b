import Foundation
import Synchronization
import Testing

/// A small HTTP server on the loopback interface that gives the answers of a test and records the requests.
final class LoopbackServer: Sendable {
  struct Request: Sendable {
    var path: String
    /// The first requested byte; nil without a range.
    var start: Int?
  }

  struct Answer: Sendable {
    var status: String
    var fields: [String] = []
    var contents: [UInt8] = []
    /// Closes the connection after this many bytes of the contents.
    var cut: Int?
    /// Seconds before anything is sent.
    var delay = 0.0

    /// The whole contents, or the requested range.
    static func file(_ contents: [UInt8], _ request: Request, knowsRanges: Bool = true, cut: Int? = nil) -> Answer {
      guard knowsRanges, let start = request.start else {
        return Answer(status: "200 OK", contents: contents, cut: cut)
      }
      guard start < contents.count else {
        return Answer(status: "416 Range Not Satisfiable", fields: ["Content-Range: bytes */\(contents.count)"])
      }
      return Answer(
        status: "206 Partial Content",
        fields: ["Content-Range: bytes \(start)-\(contents.count - 1)/\(contents.count)"],
        contents: Array(contents[start...]), cut: cut)
    }

    static let missing = Answer(status: "404 Not Found", contents: Array("no such file".utf8))
  }

  let address: String
  private let socket: Int32
  private let answer: @Sendable (Request) -> Answer
  private let seen = Mutex<[Request]>([])
  private let ended = DispatchSemaphore(value: 0)

  /// The requests, in order.
  var requests: [Request] { seen.withLock { $0 } }

  init(_ answer: @escaping @Sendable (Request) -> Answer) throws {
    self.answer = answer
    #if canImport(Darwin)
      let stream = SOCK_STREAM
    #else
      let stream = Int32(SOCK_STREAM.rawValue)
    #endif
    socket = Foundation.socket(AF_INET, stream, 0)
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let (descriptor, length) = (socket, size)
    let isListening = withUnsafeMutablePointer(to: &place) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 16) == 0 && getsockname(descriptor, $0, &size) == 0
      }
    }
    try #require(isListening, "no server on the loopback interface: \(String(cString: strerror(errno)))")
    address = "http://127.0.0.1:\(UInt16(bigEndian: place.sin_port))"
    Thread.detachNewThread { [self] in serve() }
  }

  /// Stops the server; later connections are refused.
  func stop() {
    shutdown(socket, Int32(SHUT_RDWR))
    #if canImport(Darwin)
      close(socket)
      ended.wait()
    #else
      // If closed sooner, the descriptor's number could belong to another server when this server's thread accepts on
      // it.
      ended.wait()
      close(socket)
    #endif
    ended.signal()
  }

  /// A port on which nobody listens.
  static func closedAddress() throws -> String {
    let server = try LoopbackServer { _ in .missing }
    server.stop()
    return server.address
  }

  private func serve() {
    defer { ended.signal() }
    while true {
      let connection = accept(socket, nil, nil)
      guard connection >= 0 else { return }
      if let request = read(connection) {
        seen.withLock { $0.append(request) }
        send(answer(request), connection)
      }
      shutdown(connection, Int32(SHUT_WR))
      close(connection)
    }
  }

  private func read(_ connection: Int32) -> Request? {
    var text = ""
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !text.contains("\r\n\r\n") {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      text += String(decoding: buffer[..<count], as: UTF8.self)
    }
    let lines = text.components(separatedBy: "\r\n")
    let range = lines.first { $0.lowercased().hasPrefix("range: bytes=") }
    return Request(
      path: lines[0].split(separator: " ")[1].description,
      start: range.flatMap { Int($0.split(separator: "=")[1].prefix { $0.isNumber }) })
  }

  private func send(_ answer: Answer, _ connection: Int32) {
    if answer.delay > 0 { Thread.sleep(forTimeInterval: answer.delay) }
    var fields = answer.fields + ["Connection: close"]
    if !fields.contains(where: { $0.hasPrefix("Content-Length") || $0.hasPrefix("Transfer-Encoding") }) {
      fields.append("Content-Length: \(answer.contents.count)")
    }
    let head = "HTTP/1.1 \(answer.status)\r\n\(fields.joined(separator: "\r\n"))\r\n\r\n"
    let bytes = Array(head.utf8) + answer.contents.prefix(answer.cut ?? answer.contents.count)
    #if canImport(Darwin)
      let flags: Int32 = 0
    #else
      let flags = Int32(MSG_NOSIGNAL)
    #endif
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        Foundation.send(connection, $0.baseAddress! + done, bytes.count - done, flags)
      }
      guard count > 0 else { return }
      done += count
    }
  }
}
