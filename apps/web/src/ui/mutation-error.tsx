import { readFailure } from "../api/failure.ts";
import { Notice } from "./notice.tsx";

/** Why a change was not made; nothing while there is no error. */
export function MutationError({ error }: { readonly error: unknown }) {
  if (error === null || error === undefined) return null;
  const { message, problems } = readFailure(error);
  return (
    <Notice tone="bad" role="alert">
      {message}
      <ul className="list-disc pl-4 empty:hidden">
        {problems.map((problem) => (
          <li key={`${problem.path.join(".")} ${problem.message}`}>{problem.message}</li>
        ))}
      </ul>
    </Notice>
  );
}
