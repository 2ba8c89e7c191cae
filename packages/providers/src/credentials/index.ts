export { hintOf } from "./hint.ts";
export { type NewProviderKey, newProviderKey } from "./new-provider-key.ts";
export { isRegion } from "./region.ts";
export { readStoredKey, sealedText } from "./stored-key.ts";
