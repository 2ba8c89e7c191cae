import { BlockList, isIP, isIPv4 } from "node:net";

/** IPv4 ranges of the IANA special-purpose registry that are not reachable for everyone, or not one host. */
const PRIVATE_IPV4: readonly (readonly [address: string, prefix: number])[] = [
  ["0.0.0.0", 8], // this network, unspecified
  ["10.0.0.0", 8],
  ["100.64.0.0", 10], // carrier-grade NAT
  ["127.0.0.0", 8],
  ["169.254.0.0", 16], // link-local, with the metadata services of clouds
  ["172.16.0.0", 12],
  ["192.0.0.0", 24], // protocol assignments
  ["192.0.2.0", 24], // documentation
  ["192.88.99.0", 24], // 6to4 relays
  ["192.168.0.0", 16],
  ["198.18.0.0", 15], // benchmarking
  ["198.51.100.0", 24], // documentation
  ["203.0.113.0", 24], // documentation
  ["224.0.0.0", 4], // multicast
  ["240.0.0.0", 4], // reserved, broadcast
];

/**
 * Only these IPv6 addresses are public at all. Loopback, unspecified, IPv4-mapped and -compatible, NAT64, unique local,
 * link-local and multicast lie outside.
 */
const GLOBAL_IPV6 = ["2000::", 3] as const;

/** What is not public inside of that range. */
const PRIVATE_IPV6: readonly (readonly [address: string, prefix: number])[] = [
  ["2001::", 23], // protocol assignments, Teredo among them
  ["2001:db8::", 32], // documentation
  ["2002::", 16], // 6to4, which can wrap any IPv4 address
  ["3fff::", 20], // documentation
];

// One list for each family: a list of both compares IPv4 addresses with the IPv4-mapped part of IPv6 ranges.
const privateIpv4 = new BlockList();
for (const [address, prefix] of PRIVATE_IPV4) privateIpv4.addSubnet(address, prefix, "ipv4");
const globalIpv6 = new BlockList();
globalIpv6.addSubnet(...GLOBAL_IPV6, "ipv6");
const privateIpv6 = new BlockList();
for (const [address, prefix] of PRIVATE_IPV6) privateIpv6.addSubnet(address, prefix, "ipv6");

/** Whether an address is one host that everyone on the internet may reach. False for anything but an IP address. */
export function isPublicAddress(address: string): boolean {
  // A zone ("fe80::1%eth0") only ever belongs to a link.
  if (isIP(address) === 0 || address.includes("%")) return false;
  if (isIPv4(address)) return !privateIpv4.check(address, "ipv4");
  return globalIpv6.check(address, "ipv6") && !privateIpv6.check(address, "ipv6");
}
