import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isPublicAddress } from "./addresses.ts";

test("addresses of every range that is not for everyone are not public", () => {
  const addresses = words(`
    0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254
    169.254.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.1 192.88.99.1
    192.168.0.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255
    240.0.0.1 255.255.255.255 :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:7f00:1
    ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::8.8.8.8 64:ff9b:1::1 100::1 2001::1 2001:0:7f00:1::
    2001:10::1 2001:20::1 2001:2::1 2001:db8::1 2002:7f00:1::1 2002:808:808::1 3fff::1 5f00::1
    fc00::1 fd12:3456::1 fe80::1 fe80::1%eth0 febf::1 fec0::1 ff02::1 ff0e::1 2606:4700::1111%eth0
  `);
  expect(addresses.filter(isPublicAddress)).toEqual([]);
});

test("addresses around those ranges are public", () => {
  const addresses = words(`
    1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0
    169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.167.255.255 192.169.0.0
    198.17.255.255 198.20.0.0 203.0.112.255 203.0.114.0 223.255.255.255 2606:4700:4700::1111
    2a00:1450:4001::1 2001:200::1 2001:4860:4860::8888 2003::1 2400::1
  `);
  expect(addresses.filter((address) => !isPublicAddress(address))).toEqual([]);
});

test("every IPv4 address that IPv6 can wrap stays out of reach, public or not", () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      const wrapped = [`::ffff:${address}`, `::${address}`, `64:ff9b::${address}`, `::ffff:0:${address}`];
      expect(wrapped.filter(isPublicAddress)).toEqual([]);
    }),
  );
});

test("what is no address is not public", () => {
  expect(
    ["", "localhost", "8.8.8", "0x8.8.8.8", "8.8.8.8/32", "[2606:4700::1]", "::g"].filter(isPublicAddress),
  ).toEqual([]);
});

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
