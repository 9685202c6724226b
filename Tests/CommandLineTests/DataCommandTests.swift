import Aviary
import AviaryCommandLine
import AviaryTestSupport
import Foundation
import Testing

/// A third party's data set of one small file.
private struct TinyData: FetchableDataSource, Registrable {
  static let name = "tiny"
  static let card = Card("A small set for a test.")
  static let contents = Array("1,2,0\n3,4,1\n".utf8)
  /// The address of its file.
  static let original = RemoteFile(
    "tiny.csv", byteCount: 12, sha256: "6881a9620ebca1596c154cfba1f23f84d0e9107eb0f20bb41e20b68e0dcf4f92",
    addresses: ["http://127.0.0.1:9/tiny.csv"])

  var remoteFiles: [RemoteFile] { [Self.original] }
  func location(in environment: DataEnvironment) -> String? { nil }
  func load(_ environment: DataEnvironment) throws -> DataSet { try CSVData("tiny/tiny.csv").load(environment) }
}

@Suite(.withTool) struct DataCommandTests {
  @Test func setsOfOthersAreFetched() throws {
    var registries = Registries.standard
    try registries.register(TinyData.self)
    let folder = try ScratchFolder()
    let server = try LoopbackServer { $0.path == "/sets/tiny.csv" ? .file(TinyData.contents, $0) : .missing }
    defer { server.stop() }
    let arguments = ["data", "fetch", "tiny", "--quiet", "--to", folder["all"], "--from"]
    #expect(AviaryCommand.run(arguments + [server.address + "/sets/"], in: registries) == 0)
    #expect(try folder.contents() == ["all/tiny/tiny.csv": TinyData.contents])
    #expect(AviaryCommand.run(arguments + [server.address + "/other"], in: registries) == 0)
    #expect(server.requests.count == 1)
    let set = try registries.make(.dataSet, "tiny").load(DataEnvironment(folder: folder["all"]))
    #expect(set.count == 2)
  }

  @Test func whatIsMissingIsTold() throws {
    let folder = try ScratchFolder()
    let server = try LoopbackServer { _ in .missing }
    defer { server.stop() }
    let outcome = try Tool.run(["data", "fetch", "mnist", "--to", "data", "--from", server.address], in: folder)
    #expect(outcome.status == 1)
    #expect(
      outcome.errors == "aviary: train-images-idx3-ubyte.gz: no mirror served it: "
        + "\(server.address)/train-images-idx3-ubyte.gz: the server answered 404 Not Found; "
        + "the partial download is kept: try again later\n")
    #expect(try folder.contents().isEmpty)
  }

  @Test func setsAreListed() throws {
    let folder = try ScratchFolder()
    try folder.write([1], to: "data/mnist/train-images-idx3-ubyte.gz")
    func list(_ environment: [String: String]) throws -> [String] {
      let outcome = try Tool.run(["data", "list"], in: folder, environment: environment)
      #expect(outcome.status == 0)
      return outcome.lines
    }
    let lines = try list(["AVIARY_DATA": folder["data"]])
    #expect(lines.contains("mnist           11.6 MB   \(folder["data/mnist"])"))
    #expect(lines.contains("fashion-mnist   30.9 MB   missing; fetch it with: aviary data fetch fashion-mnist"))
    #expect(lines.contains("cifar10         170.1 MB  missing; fetch it with: aviary data fetch cifar10"))
    #expect(lines.contains("  https://ossci-datasets.s3.amazonaws.com/mnist/train-images-idx3-ubyte.gz"))
  }

  /// Without AVIARY_DATA, the user's data folder.
  @Test func folderOfTheUser() throws {
    let folder = try ScratchFolder()
    #if os(macOS)
      let place = "home/Library/Application Support/aviary/mnist"
    #else
      let place = "home/.local/share/aviary/mnist"
      try folder.write([1], to: "share/aviary/cifar10/cifar-10-binary.tar.gz")
      let named = try Tool.run(["data", "list"], in: folder, environment: ["XDG_DATA_HOME": folder["share"]])
      #expect(
        named.lines.contains("cifar10         170.1 MB  \(folder["share/aviary/cifar10/cifar-10-binary.tar.gz"])"))
    #endif
    try folder.write([1], to: place + "/train-images-idx3-ubyte")
    let environment = ["HOME": folder["home"], "XDG_DATA_HOME": ""]
    let outcome = try Tool.run(["data", "list"], in: folder, environment: environment)
    #expect(outcome.lines.contains("mnist           11.6 MB   \(folder[place])"))
    // Training looks there, too, and finds a damaged file.
    try folder.write(Array(#"{"data": "mnist", "model": "mlp"}"#.utf8), to: "recipe.json")
    let training = try Tool.run(["train", "recipe.json"], in: folder, environment: environment)
    #expect(training.status == 1 && training.errors.contains("\(folder[place])"), "\(training.errors)")
    let elsewhere = try Tool.run(["train", "recipe.json"], in: folder, environment: ["AVIARY_DATA": folder["none"]])
    #expect(elsewhere.errors.contains("fetch it with 'aviary data fetch mnist', or set AVIARY_DATA"))
  }

  /// Lists of rows are in the same place as the data.
  @Test func listsOfRowsAreFound() throws {
    let folder = try ScratchFolder()
    let rows = (0..<20).map { "\($0),\(20 - $0),\($0 % 2)" }.joined(separator: "\n")
    try folder.write(Array(rows.utf8), to: "data/table.csv")
    try folder.write(Array("3\n5\n8\n".utf8), to: "data/test.txt")
    let recipe = #"""
      {"data": {"name": "csv", "file": "table.csv"}, "split": {"name": "indices", "testFile": "test.txt"},
       "model": "mlp", "epochs": 1}
      """#
    try folder.write(Array(recipe.utf8), to: "recipe.json")
    let outcome = try Tool.run(["train", "recipe.json"], in: folder, environment: ["AVIARY_DATA": folder["data"]])
    #expect(outcome.status == 0 && outcome.output.contains("17 train rows, 3 test rows"), "\(outcome.errors)")
  }

  /// The real files with their digests, from a server that drops every connection.
  @Test(.enabled(if: mnist != nil, "set AVIARY_DATA to a folder with mnist to run this"))
  func realFiles() throws {
    let folder = try ScratchFolder()
    let server = try LoopbackServer { request in
      guard let data = try? Data(contentsOf: URL(filePath: (mnist ?? "") + request.path)) else { return .missing }
      return .file(Array(data), request, cut: 4_000_000)
    }
    defer { server.stop() }
    let outcome = try Tool.run(["data", "fetch", "mnist", "--to", ".", "--from", server.address], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.lines.last == "mnist is in ./mnist; train with AVIARY_DATA=.")
    #expect(server.requests.count == 6)
    #expect(try MNISTData().load(DataEnvironment(folder: folder.path)).count == 70_000)
  }
}

private let mnist: String? = ProcessInfo.processInfo.environment["AVIARY_DATA"].flatMap { folder in
  let path = folder + "/mnist"
  return FileManager.default.fileExists(atPath: path + "/train-images-idx3-ubyte.gz") ? path : nil
}
