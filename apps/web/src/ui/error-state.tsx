import { RotateCw, TriangleAlert } from "lucide-react";
import { Button } from "./button.tsx";

interface ErrorStateProps {
  readonly title: string;
  readonly message: string;
  readonly onRetry?: () => void;
  /** `h1` where the state is the whole page. */
  readonly heading?: "h1" | "h2";
}

export function ErrorState({ title, message, onRetry, heading: Heading = "h2" }: ErrorStateProps) {
  return (
    <div role="alert" className="flex flex-col items-center px-6 py-16 text-center">
      <span className="mb-4 flex size-11 items-center justify-center rounded-full bg-bad-soft text-bad">
        <TriangleAlert aria-hidden="true" className="size-5" />
      </span>
      <Heading className="font-medium">{title}</Heading>
      <p className="mt-1 max-w-md text-sm text-muted">{message}</p>
      {onRetry !== undefined && (
        <Button className="mt-5" icon={<RotateCw aria-hidden="true" className="size-4" />} onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
