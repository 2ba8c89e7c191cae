import { createParser, type EventSourceMessage } from "eventsource-parser";
import { EventTooLong } from "../event-too-long.ts";

/** In characters. The longest answer of a model in one event is about 500,000. */
const eventLengthMax = 4_000_000;

/**
 * The events of a body, each once it is whole. Not the SDKs' own reading, which copies the event so far with every
 * piece that arrives: one of 16 MB kept a processor busy for 19 s, and the server may be any that a user names. They
 * also print what is no JSON to the console, and end without a word where the stream was cut.
 */
export async function* serverSentEvents(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<EventSourceMessage, void, undefined> {
  const arrived: EventSourceMessage[] = [];
  let tooLong = false;
  const parser = createParser({
    maxBufferSize: eventLengthMax,
    onEvent: (event) => arrived.push(event),
    onError: (error) => {
      tooLong ||= error.type === "max-buffer-size-exceeded";
    },
  });
  const decoder = new TextDecoder();
  for await (const bytes of body) {
    parser.feed(decoder.decode(bytes, { stream: true }));
    yield* arrived.splice(0);
    if (tooLong) throw new EventTooLong(`An event is longer than ${eventLengthMax} characters.`);
  }
}
