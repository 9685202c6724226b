extension Double {
  /// The number with this many decimals; unchanged if it is not finite or too large for them.
  package func fixed(_ decimals: Int) -> String {
    guard isFinite, abs(self) < 1e12 else { return "\(self)" }
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    let scaled = Int((abs(self) * Double(scale)).rounded())
    let whole = (self < 0 && scaled != 0 ? "-" : "") + "\(scaled / scale)"
    guard decimals > 0 else { return whole }
    let fraction = String(scaled % scale)
    return whole + "." + String(repeating: "0", count: decimals - fraction.count) + fraction
  }
}
