/** An answer that the API itself calls unusable, or that cannot be read. `message` is a sentence, or in the API's words. */
export class UnusableAnswer extends Error {
  override readonly name = "UnusableAnswer";
}
