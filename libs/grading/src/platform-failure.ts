/** Something of ours failed; the message is the grading's reason. Never becomes a verdict. */
export class PlatformFailure extends Error {
  override name = 'PlatformFailure';
}
