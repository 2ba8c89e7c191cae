import { type ProviderId, secretsOf } from "@gantry/providers";
import type { CredentialLookup, EngineResources, SecretLookup } from "./engine.ts";
import { Redaction } from "./redaction.ts";

/** The secrets of one run: looked up when a block first needs one, and from then on redacted in all that the run tells. */
export class RunSecrets {
  readonly redaction = new Redaction();
  readonly #resources: Pick<EngineResources, "environment" | "credential">;
  readonly #environment = new Map<string, SecretLookup>();

  constructor(resources: Pick<EngineResources, "environment" | "credential">) {
    this.#resources = resources;
  }

  environment(name: string): SecretLookup {
    const known = this.#environment.get(name);
    if (known !== undefined) return known;
    const lookup = this.#resources.environment(name);
    this.#environment.set(name, lookup);
    if (lookup.kind === "found") this.redaction.add(lookup.value, environmentLabel(name));
    return lookup;
  }

  async credential(provider: ProviderId): Promise<CredentialLookup> {
    const lookup = await this.#resources.credential(provider);
    if (lookup.kind === "found") {
      for (const secret of secretsOf(lookup.credential)) this.redaction.add(secret, `{{${provider} key}}`);
    }
    return lookup;
  }
}

export function environmentLabel(name: string): string {
  return `{{${name}}}`;
}
