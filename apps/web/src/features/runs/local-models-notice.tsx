import { Notice } from "../../ui/notice.tsx";

export function LocalModelsNotice() {
  return (
    <Notice>
      Answers come from the local model server. Set{" "}
      <code className="font-mono text-xs">ANTHROPIC_API_KEY</code> or another provider's to call real models.
    </Notice>
  );
}
