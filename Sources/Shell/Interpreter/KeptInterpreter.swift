import Laboratory

extension CommandInterpreter: StateKeeper {
  /// Keeps the session, and what the commands know of it; how things are shown is left as it is.
  public func keepState() -> () -> Void {
    let session = session
    let others = otherHosts
    let restores = ([session] + others.map(\.session)).map { $0.keepState() }
    let (keptGuests, usedHost) = (keptGuests, usedHost)
    let (displays, nextDisplay, loadedImages) = (displays, nextDisplay, loadedImages)
    let (previous, movementStart, slowStep) = (previous, movementStart, slowStep)
    let (listPlace, examination, disassemblyEnd) = (listPlace, examination, disassemblyEnd)
    let (predictionScore, background) = (predictionScore, background)
    return { [unowned self] in
      self.session = session
      otherHosts = others
      for restore in restores { restore() }
      (self.keptGuests, self.usedHost) = (keptGuests, usedHost)
      (self.displays, self.nextDisplay) = (displays, nextDisplay)
      self.loadedImages = loadedImages
      (self.previous, self.movementStart, self.slowStep) = (previous, movementStart, slowStep)
      (self.listPlace, self.examination) = (listPlace, examination)
      self.disassemblyEnd = disassemblyEnd
      (self.predictionScore, self.background) = (predictionScore, background)
      collection = nil
      forgetRepeatedLine()
    }
  }
}
