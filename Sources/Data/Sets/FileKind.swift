/// A file's kind, judged by its first bytes, for errors that name it.
enum FileKind {
  case zip, npy, gzip, text, other

  init(of bytes: [UInt8]) {
    func begins(_ prefix: [UInt8]) -> Bool { bytes.starts(with: prefix) }
    if begins([0x50, 0x4B, 0x03, 0x04]) || begins([0x50, 0x4B, 0x05, 0x06]) {
      self = .zip
    } else if begins([0x93] + Array("NUMPY".utf8)) {
      self = .npy
    } else if begins([0x1F, 0x8B]) {
      self = .gzip
    } else {
      // A multi-byte character may be cut in the middle, but tables have line ends.
      let start = bytes.prefix(4096)
      let line = start.prefix { $0 != 0x0A && $0 != 0x0D }
      let isText = !start.isEmpty && !start.contains { $0 < 0x09 } && String(validating: line, as: UTF8.self) != nil
      self = isText ? .text : .other
    }
  }
}

extension DataError {
  /// The error of an npz reader given another kind of file; nil if the file may be an archive. A run is evaluated on
  /// files of the kind it was trained on.
  static func noArchive(_ path: String, _ bytes: [UInt8], isMeasured: Bool) -> DataError? {
    switch FileKind(of: bytes) {
    case .text where isMeasured:
      DataError(
        path, "expected an npz archive as in training, found text; save its numbers with numpy.savez")
    case .text:
      DataError(
        path,
        "expected an npz archive, found text; read a CSV table with the data set 'csv': --set data=csv --data \(path)"
      )
    case .npy:
      DataError(path, "expected an npz archive, found a single npy array; save inputs and targets with numpy.savez")
    case .gzip: DataError(path, "expected an npz archive, found a gzip file; unpack it first")
    case .zip, .other: nil
    }
  }

  /// The error of a CSV reader given another kind of file; nil if the file may be a table.
  static func noTable(_ path: String, _ bytes: [UInt8], isMeasured: Bool) -> DataError? {
    switch FileKind(of: bytes) {
    case .zip where isMeasured:
      DataError(
        path,
        "expected a CSV table as in training, found a zip archive; save its arrays, or the spreadsheet, as CSV"
      )
    case .zip:
      DataError(
        path,
        "expected a CSV table, found a zip archive; read an npz archive with the data set 'npz' (--set data=npz --data "
          + "\(path)), or save a spreadsheet as CSV first")
    case .npy: DataError(path, "expected a CSV table, found an npy array; save it with numpy.savez and set data to npz")
    case .gzip: DataError(path, "expected a CSV table, found a gzip file; unpack it first")
    case .other:
      // The table itself reports UTF-16.
      bytes.prefix(4096).contains(0) && !bytes.starts(with: [0xFF, 0xFE]) && !bytes.starts(with: [0xFE, 0xFF])
        ? DataError(path, "expected a CSV table, found a binary file; check the path") : nil
    case .text: nil
    }
  }
}
