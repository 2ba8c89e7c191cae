import { RotateCw } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { formatWait } from "../../ui/format.ts";

interface RetryButtonProps {
  readonly afterMs: number;
  readonly onRetry: () => void;
}

/** Counts down to the moment when asking again can help, then lets the person ask. */
export function RetryButton({ afterMs, onRetry }: RetryButtonProps) {
  const [readyAt] = useState(() => Date.now() + afterMs);
  const [leftMs, setLeftMs] = useState(afterMs);

  useEffect(() => {
    const timer = setInterval(() => setLeftMs(readyAt - Date.now()), 250);
    return () => clearInterval(timer);
  }, [readyAt]);

  const waiting = leftMs > 0;
  return (
    <Button
      variant="primary"
      disabled={waiting}
      icon={<RotateCw aria-hidden="true" className="size-4" />}
      onClick={onRetry}
      className="numbers"
    >
      {waiting ? `Retry in ${formatWait(leftMs)}` : "Retry"}
    </Button>
  );
}
