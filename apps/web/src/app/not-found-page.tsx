import { Link } from "@tanstack/react-router";
import { MapPinOff } from "lucide-react";
import { buttonClass } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";

export function NotFoundPage() {
  return (
    <main className="flex min-h-[70dvh] items-center justify-center">
      <title>Not found · Gantry</title>
      <EmptyState
        icon={MapPinOff}
        heading="h1"
        title="There is nothing here"
        action={
          <Link to="/" className={buttonClass()}>
            Go to workflows
          </Link>
        }
      >
        The address may be mistyped, or what it named was removed.
      </EmptyState>
    </main>
  );
}
