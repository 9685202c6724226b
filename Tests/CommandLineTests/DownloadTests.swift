import Aviary
import AviaryCommandLine
import AviaryTestSupport
import Foundation
import Synchronization
import Testing

/// Fetching against a server on the loopback interface.
@Suite struct DownloadTests {
  private static let contents = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 11) }
  private static let digest = sha256(contents)

  private let folder: ScratchFolder
  private let client: HTTPClient

  init() throws {
    folder = try ScratchFolder()
    var client = try HTTPClient()
    client.patience = 1
    self.client = client
  }

  private func fetch(from addresses: [String], observer: @escaping (Int) -> Void = { _ in }) throws -> Download.Outcome
  {
    let file = RemoteFile(
      "file.gz", byteCount: Self.contents.count, sha256: Self.digest, addresses: addresses.map { $0 + "/file.gz" })
    var download = Download(file, into: folder.path, by: client)
    download.observer = observer
    return try download.run()
  }

  private func error(from addresses: [String]) -> FetchError? {
    #expect(throws: FetchError.self) { _ = try fetch(from: addresses) }
  }

  /// The outcome for each address.
  private func attempts(_ error: FetchError?) -> [FetchError] {
    guard case .exhausted("file.gz", let attempts)? = error else {
      Issue.record("not an exhaustion of all addresses: \(error.map { "\($0)" } ?? "nothing")")
      return []
    }
    return attempts.map(\.error)
  }

  private func expectWhole() throws {
    #expect(try folder.bytes("file.gz") == Self.contents)
    #expect(!folder.holds("file.gz.part"))
  }

  @Test func wholeFiles() throws {
    let server = try LoopbackServer { .file(Self.contents, $0) }
    defer { server.stop() }
    var counts: [Int] = []
    #expect(try fetch(from: [server.address], observer: { counts.append($0) }) == .fetched)
    try expectWhole()
    #expect(counts == counts.sorted() && counts.last == Self.contents.count)
    #expect(server.requests.map(\.path) == ["/file.gz"] && server.requests[0].start == nil)
    // Nothing is requested again.
    #expect(try fetch(from: [server.address]) == .present)
    #expect(server.requests.count == 1)
  }

  @Test func cutConnectionsAreTakenUp() throws {
    let server = try LoopbackServer { .file(Self.contents, $0, cut: 100_001) }
    defer { server.stop() }
    #expect(try fetch(from: [server.address]) == .fetched)
    try expectWhole()
    #expect(server.requests.map(\.start) == [nil, 100_001, 200_002])
  }

  @Test func whatCameEarlierIsTakenUp() throws {
    try folder.write(Self.contents[..<123_456], to: "file.gz.part")
    let server = try LoopbackServer { .file(Self.contents, $0) }
    defer { server.stop() }
    var counts: [Int] = []
    #expect(try fetch(from: [server.address], observer: { counts.append($0) }) == .fetched)
    try expectWhole()
    #expect(server.requests.map(\.start) == [123_456])
    #expect(counts.first.map { $0 > 123_456 } == true)
  }

  /// The file was complete, but the process ended before renaming it.
  @Test func wholePartsAreTakenAsTheyAre() throws {
    try folder.write(Self.contents, to: "file.gz.part")
    #expect(try fetch(from: [LoopbackServer.closedAddress()]) == .fetched)
    try expectWhole()
  }

  @Test func serversWithoutRanges() throws {
    try folder.write(Self.contents[..<5000], to: "file.gz.part")
    let server = try LoopbackServer { .file(Self.contents, $0, knowsRanges: false) }
    defer { server.stop() }
    #expect(try fetch(from: [server.address]) == .fetched)
    try expectWhole()
    #expect(server.requests.map(\.start) == [5000])
  }

  @Test(arguments: [5000, 300_000, 400_000])
  func damagedPartsAreFetchedAnew(_ count: Int) throws {
    try folder.write([UInt8](repeating: 1, count: count), to: "file.gz.part")
    let server = try LoopbackServer { .file(Self.contents, $0) }
    defer { server.stop() }
    #expect(try fetch(from: [server.address]) == .fetched)
    try expectWhole()
    #expect(server.requests.last?.start == nil)
  }

  @Test func theNextMirrorGivesTheRest() throws {
    let dying = try LoopbackServer { $0.start == nil ? .file(Self.contents, $0, cut: 70_000) : .missing }
    let sound = try LoopbackServer { .file(Self.contents, $0) }
    defer {
      dying.stop()
      sound.stop()
    }
    #expect(try fetch(from: [LoopbackServer.closedAddress(), dying.address, sound.address]) == .fetched)
    try expectWhole()
    #expect(dying.requests.map(\.start) == [nil, 70_000])
    #expect(sound.requests.map(\.start) == [70_000])
  }

  @Test func wrongContentsAreRefused() throws {
    var wrong = Self.contents
    wrong[77] ^= 1
    let damaged = wrong
    let server = try LoopbackServer { .file(damaged, $0) }
    defer { server.stop() }
    let error = error(from: [server.address])
    #expect(attempts(error) == [.wrongDigest(expected: Self.digest, found: sha256(wrong))])
    #expect(error?.description.contains("expected SHA-256 \(Self.digest), found ") == true)
    // Nothing of it stays, and another mirror may still work.
    #expect(try folder.contents().isEmpty)
    let sound = try LoopbackServer { .file(Self.contents, $0) }
    defer { sound.stop() }
    #expect(try fetch(from: [server.address, sound.address]) == .fetched)
    try expectWhole()
  }

  @Test func wrongSizesAreRefused() throws {
    try folder.write(Self.contents[..<1000], to: "file.gz.part")
    let page = try LoopbackServer { _ in .init(status: "200 OK", contents: Array("<html>Please log in</html>".utf8)) }
    let longer = try LoopbackServer { .file(Self.contents + [0], $0) }
    // Neither answer states its length.
    let endless = try LoopbackServer { _ in
      .init(status: "200 OK", fields: ["Transfer-Encoding: chunked"], contents: Self.chunks(Self.contents + [1, 2, 3]))
    }
    let brief = try LoopbackServer { _ in
      .init(status: "200 OK", fields: ["Transfer-Encoding: chunked"], contents: Self.chunks(Array("<html>".utf8)))
    }
    defer { for server in [page, longer, endless, brief] { server.stop() } }
    func refused(_ server: LoopbackServer) -> [FetchError] { attempts(error(from: [server.address])) }
    #expect(refused(page) == [.wrongSize(expected: 300_000, found: 26)])
    #expect(refused(longer) == [.wrongSize(expected: 300_000, found: 300_001)])
    // The earlier part was not touched.
    #expect(try folder.bytes("file.gz.part") == Array(Self.contents[..<1000]))
    guard case .wrongSize(expected: 300_000, let found)? = refused(endless).first else {
      Issue.record("an endless file was taken")
      return
    }
    #expect(found > 300_000)
    #expect(refused(brief) == [.wrongSize(expected: 300_000, found: 6)])
    #expect(try folder.contents().isEmpty)
  }

  /// Contents in the chunked encoding (RFC 9112).
  private static func chunks(_ contents: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    for start in stride(from: 0, to: contents.count, by: 65_536) {
      let chunk = contents[start..<min(start + 65_536, contents.count)]
      result += Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + Array("\r\n".utf8)
    }
    return result + Array("0\r\n\r\n".utf8)
  }

  @Test func errorsOfServersAreTold() throws {
    let missing = try LoopbackServer { _ in .missing }
    let broken = try LoopbackServer { _ in .init(status: "503 Service Unavailable") }
    let closed = try LoopbackServer.closedAddress()
    defer {
      missing.stop()
      broken.stop()
    }
    let error = error(from: [missing.address, broken.address, closed])
    let found = attempts(error)
    #expect(found.prefix(2) == [.status("404 Not Found"), .status("503 Service Unavailable")])
    guard case .unreachable? = found.last else {
      Issue.record("a refused connection is \(found)")
      return
    }
    let text = try #require(error?.description)
    #expect(
      text.hasPrefix("file.gz: no mirror served it: \(missing.address)/file.gz: the server answered 404 Not Found; "))
    #expect(text.hasSuffix("the partial download is kept: try again later"))
    #expect(self.error(from: [closed])?.description.hasSuffix("is there a network?") == true)
    #expect(try folder.contents().isEmpty)
  }

  @Test func redirectionsAreFollowed() throws {
    let server = try LoopbackServer { .file(Self.contents, $0) }
    let old = try LoopbackServer { [address = server.address] request in
      .init(status: "302 Found", fields: ["Location: \(address)\(request.path)"], contents: Array("moved".utf8))
    }
    let trap = try LoopbackServer { _ in .init(status: "302 Found", fields: ["Location: file:///etc/hostname"]) }
    defer { for server in [server, old, trap] { server.stop() } }
    #expect(attempts(error(from: [trap.address])).count == 1)
    try folder.write(Self.contents[..<9], to: "file.gz.part")
    #expect(try fetch(from: [old.address]) == .fetched)
    try expectWhole()
    #expect(server.requests.map(\.start) == [9])
  }

  @Test func silentServersAreLeft() throws {
    let silent = try LoopbackServer { request in
      var answer = LoopbackServer.Answer.file(Self.contents, request)
      answer.delay = 3
      return answer
    }
    let sound = try LoopbackServer { .file(Self.contents, $0) }
    defer {
      silent.stop()
      sound.stop()
    }
    #expect(try fetch(from: [silent.address, sound.address]) == .fetched)
    try expectWhole()
  }

  @Test func otherFilesStay() throws {
    try folder.write([1, 2, 3], to: "file.gz")
    #expect(error(from: []) == .inTheWay(folder["file.gz"]))
    try folder.write([UInt8](repeating: 0, count: Self.contents.count), to: "file.gz")
    #expect(error(from: []) == .inTheWay(folder["file.gz"]))
    #expect(try folder.contents().count == 1)
  }

  @Test func placesThatCannotBeWritten() throws {
    let server = try LoopbackServer { .file(Self.contents, $0) }
    defer { server.stop() }
    try FileManager.default.createDirectory(atPath: folder["file.gz.part"], withIntermediateDirectories: true)
    guard case .unwritable(folder["file.gz.part"], _)? = error(from: [server.address]) else {
      Issue.record("a folder was taken for a file")
      return
    }
    #expect(server.requests.isEmpty)
  }

  #if os(Linux)
    /// The device that is always full stands in for a full disk.
    @Test func fullDisks() throws {
      let server = try LoopbackServer { .file(Self.contents, $0) }
      defer { server.stop() }
      try FileManager.default.createSymbolicLink(atPath: folder["file.gz.part"], withDestinationPath: "/dev/full")
      let error = error(from: [server.address])
      #expect(error == .unwritable(folder["file.gz.part"], reason: "No space left on device"))
      #expect(error?.description.contains("free space") == true)
    }
  #endif

  @Test func oneProcessAtATime() throws {
    let other = open(try folder.write([], to: "file.gz.part"), O_RDWR)
    defer { close(other) }
    #expect(flock(other, LOCK_EX | LOCK_NB) == 0)
    #expect(error(from: []) == .occupied(folder["file.gz"]))
  }
}
