import { useEffect, useState, useSyncExternalStore } from "react";
import { createRunStream, type LiveRun, type RunStream } from "./run-stream.ts";

/** The run that this page watches. Leaving the page stops watching; the run itself goes on. */
export function useLiveRun(): { readonly live: LiveRun; readonly stream: RunStream } {
  const [stream] = useState(createRunStream);
  const live = useSyncExternalStore(stream.subscribe, stream.current);
  useEffect(() => stream.stop, [stream]);
  return { live, stream };
}
