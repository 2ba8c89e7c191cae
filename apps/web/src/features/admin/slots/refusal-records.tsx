import { useQuery } from "@tanstack/react-query";
import { trpc } from "../../../api/client.ts";
import { formatCount } from "../../../ui/format.ts";
import { recordWords } from "./record-words.ts";

/** What became of the records of refused runs. Says nothing until it is known: the page is about slots. */
export function RefusalRecords() {
  const { data } = useQuery(trpc.admin.refusalRecords.queryOptions());
  if (data === undefined) return null;
  return <p className="numbers mt-12 text-[13px] text-muted">{recordWords(data, formatCount)}</p>;
}
