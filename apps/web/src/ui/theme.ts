import { useSyncExternalStore } from "react";

export type ThemeChoice = "system" | "light" | "dark";

const key = "gantry.theme";
const changedEvent = "gantry:theme";

/** The person's choice. `theme.js` applies it, before the first paint and whenever it changes. */
export function useTheme(): { readonly choice: ThemeChoice; readonly choose: (choice: ThemeChoice) => void } {
  const choice = useSyncExternalStore(subscribe, read);
  return { choice, choose: write };
}

function subscribe(changed: () => void): () => void {
  addEventListener(changedEvent, changed);
  addEventListener("storage", changed);
  return () => {
    removeEventListener(changedEvent, changed);
    removeEventListener("storage", changed);
  };
}

function read(): ThemeChoice {
  const stored = localStorage.getItem(key);
  return stored === "light" || stored === "dark" ? stored : "system";
}

function write(choice: ThemeChoice): void {
  if (choice === "system") localStorage.removeItem(key);
  else localStorage.setItem(key, choice);
  dispatchEvent(new Event(changedEvent));
}
