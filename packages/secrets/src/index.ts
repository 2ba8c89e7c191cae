export { createApiKey, hashApiKey, looksLikeApiKey, type NewApiKey } from "./api-key.ts";
export { encryptionKeys } from "./encryption-keys.ts";
export { type KeptSecrets, KeptSecretsError, readKeptSecrets, writeKeptSecrets } from "./kept-secrets.ts";
export { fingerprint, keyedHash } from "./keyed-hash.ts";
export {
  createKeyring,
  type EncryptionKey,
  type EncryptionKeys,
  type Keyring,
  type Opened,
} from "./keyring.ts";
export {
  type ParsedEncryptionKey,
  type ParsedEncryptionKeys,
  parseEncryptionKey,
  parseEncryptionKeys,
} from "./parse-encryption-key.ts";
export { sealContext } from "./seal-context.ts";
export { type VerifiedCookie, verifySignedCookie } from "./signed-cookie.ts";
