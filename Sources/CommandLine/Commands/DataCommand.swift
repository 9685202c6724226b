import Aviary
import Foundation

/// `aviary data`: downloads data sets and shows where they are.
struct DataCommand: Command {
  static let name = "data"
  static let summary = "Downloads data sets that are not embedded and shows where they are."
  static let usage = """
    aviary data list
    aviary data fetch NAME [options]

      --to FOLDER      folder for all data sets, one subfolder each (default: AVIARY_DATA, else aviary in XDG_DATA_HOME
                       or ~/.local/share, on macOS in ~/Library/Application Support)
      --from ADDRESS   download from this address instead of the known mirrors
      --quiet          hide progress

    Every file is verified by its SHA-256. Run the command again to resume an interrupted download.
    """

  private let arguments: Arguments
  /// The data set to fetch; nil to list.
  private let set: String?

  init(parsing arguments: [String]) throws {
    self.arguments = try Arguments(arguments, valued: ["to": false, "from": false], flags: ["quiet"])
    let words = self.arguments.positional
    switch words.first {
    case "list":
      guard arguments == ["list"] else { throw UsageError("'data list' takes no arguments") }
      set = nil
    case "fetch":
      guard words.count == 2 else { throw UsageError("name one data set to fetch") }
      set = words[1]
    case let word?:
      let near = Suggestion.nearest(to: word, in: ["fetch", "list"]).map { "; did you mean '\($0)'?" } ?? ""
      throw UsageError("unknown command 'data \(word)'\(near) (fetch, list)")
    case nil: throw UsageError("give a command: data fetch NAME, or data list")
    }
    for option in ["to", "from"] where self.arguments.value(option)?.isEmpty == true {
      throw UsageError("--\(option): expected a non-empty value")
    }
    if let address = self.arguments.value("from"), !address.hasPrefix("http://"), !address.hasPrefix("https://") {
      throw UsageError("--from: expected an address that begins with https:// or http://, found '\(address)'")
    }
  }

  func run(_ surroundings: Surroundings) throws {
    if let set { try fetch(set, surroundings) } else { try list(surroundings) }
  }

  private func list(_ surroundings: Surroundings) throws {
    let environment = DataEnvironment()
    var lines: [String] = []
    for name in surroundings.dataSets {
      // A set that needs a configuration has no known files.
      guard let source = try? surroundings.registries.make(.dataSet, name) as? any FetchableDataSource else { continue }
      let size = FetchDisplay.size(source.remoteFiles.reduce(0) { $0 + $1.byteCount })
      let place = source.location(in: environment) ?? "missing; fetch it with: aviary data fetch \(name)"
      lines.append("\(name.padded(16))\(size.padded(10))\(place)")
      for file in source.remoteFiles { lines.append("  \(file.addresses.first ?? file.name)") }
    }
    Terminal.print(lines.joined(separator: "\n"))
  }

  private func fetch(_ name: String, _ surroundings: Surroundings) throws {
    guard surroundings.dataSets.contains(name) else {
      throw UnknownName(
        "data set", name, known: surroundings.dataSets, remedy: "'aviary data list' shows what can be fetched")
    }
    guard let source = try surroundings.registries.make(.dataSet, name) as? any FetchableDataSource else {
      throw DataError(name, "nothing to fetch: this data set is embedded, computed, or read from your own file")
    }
    guard let base = arguments.value("to") ?? DataEnvironment.standardFolder else {
      throw DataError(name, "no data folder is set; set AVIARY_DATA or use --to")
    }
    let folder = base.appendingPath(name)
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw DataError(folder, "cannot create the folder; choose another one with --to")
    }
    let display = arguments.has("quiet") ? nil : FetchDisplay(descriptor: 1)
    defer { display?.close() }
    let client = try HTTPClient()
    for var file in source.remoteFiles {
      if let address = arguments.value("from") { file.addresses = [address.appendingPath(file.name)] }
      var download = Download(file, into: folder, by: client)
      download.observer = { [file] in display?.show(file, $0) }
      display?.begin()
      let outcome = try download.run()
      display?.end(file, outcome)
    }
    let variable = base == DataEnvironment.standardFolder ? "" : "; train with AVIARY_DATA=\(base)"
    if !arguments.has("quiet") { Terminal.print("\(name) is in \(folder)\(variable)") }
  }
}

extension Surroundings {
  fileprivate var dataSets: [String] { registries.entries(of: .dataSet).map(\.name) }
}
