/// One line of progress, shortened to fit a terminal: first the bar goes, then the speed.
package struct ProgressLine {
  package var head: String
  package var share: Double
  package var values: String
  package var speed: String
  package var left: String

  package init(head: String, share: Double, values: String, speed: String, left: String) {
    self.head = head
    self.share = share
    self.values = values
    self.speed = speed
    self.left = left
  }

  /// The line, in at most this many characters.
  package func text(width: Int) -> String {
    for rest in ["\(values)  \(speed)  \(left)", "\(values)  \(left)"] {
      let room = width - head.count - rest.count - 2
      if room >= 5 { return "\(head) \(bar(min(room, 20))) \(rest)" }
    }
    return String("\(head) \(values)  \(left)".prefix(max(0, width)))
  }

  private func bar(_ width: Int) -> String {
    let filled = Int(min(max(share, 0), 1) * Double(width))
    return String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
  }
}
