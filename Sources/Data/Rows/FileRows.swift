import AviaryCore
import AviaryFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Reads the rows of files in pieces, so that they need not fit in memory: tables (CSV), arrays (npz, npy), images
/// (PNG, PGM, PPM) and folders of images.
///
/// ```swift
/// let rows = try FileRows(["new.csv"], form: form)
/// while let some = try rows.next() { print(some.inputs.shape) }
/// ```
public final class FileRows {
  private enum Item {
    case table(String)
    case npz(String)
    case npy(String)
    case images([String])
  }

  private let form: InputForm
  private var items: [Item] = []
  private var done = 0
  private var current: (any RowReader)?
  /// What was detected or excluded so far, one sentence each.
  public private(set) var notes: [String] = []

  /// Finds the files and their kinds; reads nothing yet.
  ///
  /// - Parameters:
  ///   - paths: files, and folders of images (searched recursively, in the order of their names).
  ///   - form: the form of inputs.
  /// - Throws: ``DataError`` for a missing file, an unsupported kind, or a folder without images.
  public init(_ paths: [String], form: InputForm) throws {
    self.form = form
    for path in paths {
      let item: Item = try DataError.wrapping { try self.item(path) }
      if case .images(let more) = item, case .images(let images)? = items.last {
        items[items.count - 1] = .images(images + more)
      } else {
        items.append(item)
      }
    }
  }

  /// Whether all rows are images.
  public var areImages: Bool { items.allSatisfy { if case .images = $0 { true } else { false } } }

  /// Whether rows come from more than one file.
  public var hasSeveralFiles: Bool {
    items.count > 1 || items.contains { if case .images(let paths) = $0 { paths.count > 1 } else { false } }
  }

  /// The fraction of all files that has been read, each counted equally.
  public var share: Double {
    items.isEmpty ? 1 : (Double(done) + (current?.share ?? 0)) / Double(items.count)
  }

  /// The next rows, of one file; nil after the last one.
  ///
  /// - Throws: ``DataError`` if they cannot be read or do not match the form.
  public func next() throws -> StoredRows? {
    try DataError.wrapping {
      while done < items.count {
        let reader = try current ?? reader(of: items[done])
        current = reader
        let rows = try reader.next()
        for note in reader.notes where !notes.contains(note) { notes.append(note) }
        if let rows { return rows }
        current = nil
        done += 1
      }
      return nil
    }
  }

  private func reader(of item: Item) throws -> any RowReader {
    switch item {
    case .table(let path): try CSVRowReader(path, form)
    case .npz(let path): try ArrayRowReader(npz: path, form)
    case .npy(let path): try ArrayRowReader(npy: path, form)
    case .images(let paths): try ImageRowReader(paths, form)
    }
  }

  /// The kind of a file by its first bytes.
  private func item(_ path: String) throws -> Item {
    var isFolder: Bool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder {
      return .images(try images(in: path))
    }
    let beginning = try FileBytes.beginning(of: path, count: 4096)
    if beginning.starts(with: [0x89, 0x50, 0x4E, 0x47]) || isNetpbm(beginning) { return .images([path]) }
    if beginning.starts(with: [0xFF, 0xD8]) {
      throw DataError(path, "JPEG images are not supported; save it as PNG")
    }
    switch FileKind(of: beginning) {
    case .zip: return .npz(path)
    case .npy: return .npy(path)
    case .text, .other, .gzip:
      if let error = DataError.noTable(path, beginning, isMeasured: true) { throw error }
      return .table(path)
    }
  }

  private func isNetpbm(_ bytes: [UInt8]) -> Bool {
    bytes.count > 2 && bytes[0] == UInt8(ascii: "P") && 0x31...0x37 ~= bytes[1]
      && (bytes[2] == 0x23 || bytes[2] == 0x20 || 0x09...0x0D ~= bytes[2])
  }

  private func images(in folder: String) throws -> [String] {
    let names: [String]
    do { names = try FileManager.default.subpathsOfDirectory(atPath: folder) } catch {
      throw DataError(folder, "the folder cannot be read")
    }
    let isHidden = { (name: String) in name.split(separator: "/").contains { $0.hasPrefix(".") } }
    let images = names.filter { name in
      !isHidden(name) && ImageRowReader.extensions.contains { name.lowercased().hasSuffix($0) }
    }
    guard !images.isEmpty else {
      throw DataError(folder, "the folder holds no images (\(ImageRowReader.extensions.joined(separator: ", ")))")
    }
    return images.sorted().map { folder.appendingPath($0) }
  }
}
