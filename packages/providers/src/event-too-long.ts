/** One event of a stream is longer than is read here. */
export class EventTooLong extends Error {
  override readonly name = "EventTooLong";
}
