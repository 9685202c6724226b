/// A data set of published files, which `aviary data fetch NAME` downloads.
public protocol FetchableDataSource: DataSource {
  /// The files, which belong in the folder with the set's name inside the data folder.
  var remoteFiles: [RemoteFile] { get }

  /// The file or folder that loading would read; nil if the set is missing.
  func location(in environment: DataEnvironment) -> String?
}
