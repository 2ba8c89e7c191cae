import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { isPublicAddress } from "./addresses.ts";
import { createAllowList } from "./allow-list.ts";
import { isBlockedPort } from "./blocked-ports.ts";
import type { EgressFailure, EgressPolicy } from "./port.ts";

export interface ResolvedAddress {
  readonly address: string;
  /** 4 or 6. */
  readonly family: number;
}

/** Every address of a name, IPv4 and IPv6. Rejects when there is none or no answer. */
export type Resolve = (host: string) => Promise<readonly ResolvedAddress[]>;

export interface Refused<Failure extends EgressFailure = EgressFailure> {
  readonly ok: false;
  readonly failure: Failure;
  readonly message: string;
}

/** Decides which addresses may be reached. Nothing here connects. */
export interface Guard {
  /** Judges what is written in a URL: its length, scheme, credentials and port. */
  checkUrl(text: string, base?: string): { readonly ok: true; readonly url: URL } | Refused;
  /**
   * Asks for every address of the URL's host and judges them all: one that is not allowed refuses the host. A connection
   * must go to one of `addresses` and must not ask again, or the answer may change in between. IPv4 comes first. Judges
   * plain http as well, for the addresses decide whether it is allowed.
   */
  resolveAndCheck(
    url: URL,
  ): Promise<{ readonly ok: true; readonly addresses: readonly ResolvedAddress[] } | Refused>;
}

const URL_CHARACTERS_MAX = 8_192;

const resolveWithSystem: Resolve = (host) => lookup(host, { all: true, verbatim: true });

/** Throws when the policy holds an entry that cannot be read. */
export function createGuard(options: { readonly policy: EgressPolicy; readonly resolve?: Resolve }): Guard {
  const { policy, resolve = resolveWithSystem } = options;
  const allowed = createAllowList(policy.allow);

  return {
    checkUrl(text, base) {
      if (text.length > URL_CHARACTERS_MAX) {
        return refused("INVALID_URL", `The URL is longer than ${URL_CHARACTERS_MAX} characters`);
      }
      if (!URL.canParse(text, base)) return refused("INVALID_URL", "The URL cannot be read");
      const url = new URL(text, base);
      if (url.protocol !== "http:" && url.protocol !== "https:") {
        return refused("SCHEME_NOT_ALLOWED", "Only http and https URLs are allowed");
      }
      if (url.username !== "" || url.password !== "") {
        return refused("INVALID_URL", "The URL holds a user name or password; use a header instead");
      }
      if (isBlockedPort(url.port)) return refused("PORT_NOT_ALLOWED", `Port ${url.port} is not allowed`);
      return { ok: true, url };
    },

    async resolveAndCheck(url) {
      const host = hostOf(url);
      const family = isIP(host);
      let addresses: readonly ResolvedAddress[];
      try {
        addresses = family === 0 ? await resolve(host) : [{ address: host, family }];
      } catch {
        return refused("DNS_FAILED", `The name ${host} could not be resolved`);
      }
      if (addresses.length === 0) return refused("DNS_FAILED", `The name ${host} has no address`);

      const isNamed = ({ address }: ResolvedAddress) => allowed.hasHost(host) || allowed.hasAddress(address);
      if (!addresses.every((resolved) => isNamed(resolved) || isPublicAddress(resolved.address))) {
        return refused("ADDRESS_NOT_ALLOWED", `${host} is not a public address`);
      }
      if (policy.requireHttps === true && url.protocol === "http:" && !addresses.every(isNamed)) {
        return refused("SCHEME_NOT_ALLOWED", "Only https URLs are allowed");
      }
      return { ok: true, addresses: addresses.toSorted((left, right) => left.family - right.family) };
    },
  };
}

/** Without the brackets of an IPv6 address and the dot that may end a name. The URL parser has made it lower case. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
}

function refused(failure: EgressFailure, message: string): Refused {
  return { ok: false, failure, message };
}
