import { expect, test } from "vitest";
import { isRegion } from "./region.ts";

test.each([
  "us-east-1\n",
  "us-east-1.evil.example",
  "us-east-1@evil",
  "us-east-1/",
  " us-east-1",
  "us-east-1#",
  "US-EAST-1",
  "",
])("%j, which could send a signed request to another host, is no region", (text) => {
  expect(isRegion(text)).toBe(false);
});

test("every partition of AWS has regions of this shape", () => {
  const regions = [
    "us-east-1",
    "eu-central-2",
    "ap-southeast-1",
    "cn-north-1",
    "us-gov-west-1",
    "us-iso-east-1",
  ];
  expect(regions.filter((text) => !isRegion(text))).toEqual([]);
});
