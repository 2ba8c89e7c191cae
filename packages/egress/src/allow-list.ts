import { BlockList, isIP, isIPv4 } from "node:net";

export interface AllowList {
  hasHost(host: string): boolean;
  hasAddress(address: string): boolean;
}

const HOST_NAME = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/;

/** Reads host names, addresses and CIDR ranges. Throws on an entry that is none of them: an operator's typo is no policy. */
export function createAllowList(entries: readonly string[]): AllowList {
  const hosts = new Set<string>();
  const ipv4 = new BlockList();
  const ipv6 = new BlockList();
  for (const entry of entries) {
    const [address = "", prefix, ...rest] = entry.trim().toLowerCase().split("/");
    const family = isIP(address);
    if (rest.length > 0) throw malformed(entry);
    if (family === 0) {
      if (prefix !== undefined || !HOST_NAME.test(address)) throw malformed(entry);
      hosts.add(address);
      continue;
    }
    const bits = family === 4 ? 32 : 128;
    const length = prefix === undefined ? bits : Number(prefix);
    if (prefix === "" || !Number.isInteger(length) || length < 0 || length > bits) throw malformed(entry);
    if (family === 4) ipv4.addSubnet(address, length, "ipv4");
    else ipv6.addSubnet(address, length, "ipv6");
  }
  return {
    hasHost: (host) => hosts.has(host),
    hasAddress(address) {
      if (isIP(address) === 0 || address.includes("%")) return false;
      return isIPv4(address) ? ipv4.check(address, "ipv4") : ipv6.check(address, "ipv6");
    },
  };
}

function malformed(entry: string): Error {
  return new Error(`"${entry}" is neither a host name nor an address nor a CIDR range`);
}
