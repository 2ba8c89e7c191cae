import type { BlockType } from "@gantry/workflow";
import { Box, Braces, CornerDownLeft, GitBranch, Globe, type LucideIcon, Play, Sparkles } from "lucide-react";

const kinds: Readonly<Record<BlockType, { readonly icon: LucideIcon; readonly label: string }>> = {
  start: { icon: Play, label: "Start" },
  agent: { icon: Sparkles, label: "Agent" },
  function: { icon: Braces, label: "Function" },
  http: { icon: Globe, label: "HTTP" },
  condition: { icon: GitBranch, label: "Condition" },
  response: { icon: CornerDownLeft, label: "Response" },
};

/** A draft may name a type that does not exist; it still gets a face. */
const unknownKind = { icon: Box, label: "Unknown" };

export function blockKind(type: string): { readonly icon: LucideIcon; readonly label: string } {
  return Object.entries(kinds).find(([name]) => name === type)?.[1] ?? unknownKind;
}

export function BlockIcon({
  type,
  className = "size-4",
}: {
  readonly type: string;
  readonly className?: string;
}) {
  const Icon = blockKind(type).icon;
  return <Icon aria-hidden="true" className={className} />;
}
