import type { ToolCall } from "../port.ts";
import type { ToolCallDelta } from "./chat-chunk.ts";

/** Puts tool calls together from the pieces in which they are streamed. */
export interface ToolCallPieces {
  /** Returns the piece's bytes. */
  add(piece: ToolCallDelta): number;
  /** In the order in which the model began them. */
  whole(): readonly ToolCall[];
}

/** `callsBefore`: how many calls the conversation holds already, so that a made-up id is a new one. */
export function createToolCallPieces(callsBefore: number): ToolCallPieces {
  const calls = new Map<number, { id: string; name: string; json: string }>();
  return {
    add({ index, id, function: part }) {
      const place = index ?? placeOf(id ?? null);
      const call = calls.get(place) ?? { id: "", name: "", json: "" };
      calls.set(place, call);
      // Some servers repeat id and name with every piece.
      const name = call.name === "" ? (part?.name ?? "") : "";
      call.name += name;
      if (call.id === "") call.id = id ?? "";
      const json = part?.arguments ?? "";
      call.json += json;
      return Buffer.byteLength(name) + Buffer.byteLength(json);
    },
    whole: () =>
      [...calls.values()].map(({ id, name, json }, position) => ({
        id: id === "" ? `call_${callsBefore + position + 1}` : id,
        name,
        arguments: json === "" ? "{}" : json,
      })),
  };

  /** Servers that leave the index out send whole calls, or name the id with every piece. */
  function placeOf(id: string | null): number {
    for (const [place, call] of calls) if (id !== null && call.id === id) return place;
    return calls.size;
  }
}
