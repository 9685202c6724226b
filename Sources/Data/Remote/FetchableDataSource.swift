/// A data set of files that its makers publish: `aviary data fetch NAME` brings them.
public protocol FetchableDataSource: DataSource {
  /// The files, which belong into the folder of the set's name inside of the folder of all data.
  var remoteFiles: [RemoteFile] { get }

  /// The file or folder that loading would read; nil where the set is missing.
  func location(in environment: DataEnvironment) -> String?
}
