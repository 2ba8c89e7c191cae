export { createApiKey, hashApiKey, looksLikeApiKey, type NewApiKey } from "./api-key.ts";
export { fingerprint, keyedHash } from "./keyed-hash.ts";
export { createKeyring, type EncryptionKey, type Keyring, type Opened } from "./keyring.ts";
export { type ParsedEncryptionKey, parseEncryptionKey } from "./parse-encryption-key.ts";
export { sealContext } from "./seal-context.ts";
export { type VerifiedCookie, verifySignedCookie } from "./signed-cookie.ts";
