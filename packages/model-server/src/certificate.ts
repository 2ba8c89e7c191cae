import { generate } from "selfsigned";

/**
 * A certificate for this machine's own names and addresses. Elliptic, because making an RSA key costs some hundred
 * milliseconds of start-up.
 */
export async function generateCertificate(): Promise<{ readonly key: string; readonly cert: string }> {
  const generated = await generate([{ name: "commonName", value: "Gantry local model server" }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", digitalSignature: true, keyCertSign: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
          { type: 7, ip: "::1" },
        ],
      },
    ],
  });
  return { key: generated.private, cert: generated.cert };
}
