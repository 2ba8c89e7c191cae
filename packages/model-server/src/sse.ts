/** One server-sent event of JSON data, named where the wire names them. */
export function sseFrame(data: unknown, event: string | null = null): string {
  const name = event === null ? "" : `event: ${event}\n`;
  return `${name}data: ${JSON.stringify(data)}\n\n`;
}

export const sseContentType = "text/event-stream; charset=utf-8";
