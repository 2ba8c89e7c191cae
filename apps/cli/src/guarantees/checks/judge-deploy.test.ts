import { expect, test } from "vitest";
import { broken, completed, refused, times } from "../testing.ts";
import { judgeDeploy, type VersionedAnswer } from "./judge-deploy.ts";

const ran = (process: number, isFirst: boolean, deployed: number, version: number): VersionedAnswer => ({
  process,
  isFirst,
  deployed,
  answer: completed("r", { version }),
});
const fresh = [
  ...times(2, (process) => ran(process, true, 2, 2)),
  ...times(2, (process) => ran(process, true, 3, 3)),
  // Sent before the next deployment was answered: either version is right.
  ran(0, false, 2, 3),
  ran(1, false, 2, 2),
];
const first = "first runs after 2 deployments, on both";

test("every first run has the new version: it holds", () => {
  expect(broken(judgeDeploy(2, fresh))).toEqual([]);
});

test("a stale first run, one that failed and one that is missing are found", () => {
  const [, ...rest] = fresh;
  expect(broken(judgeDeploy(2, [ran(0, true, 2, 1), ...rest]))).toEqual([first]);
  const failed = { ...ran(0, true, 2, 2), answer: refused(503, "ADMISSION_UNAVAILABLE") };
  expect(broken(judgeDeploy(2, [failed, ...rest]))).toEqual([first]);
  expect(broken(judgeDeploy(2, rest))).toEqual([first]);
});

test("a stale run in between is found, and a process that ran none in between shows nothing", () => {
  expect(broken(judgeDeploy(2, [...fresh, ran(1, false, 3, 2)]))).toEqual(["runs that went on meanwhile"]);
  const onlyOne = fresh.filter(({ process, isFirst }) => isFirst || process === 0);
  expect(broken(judgeDeploy(2, onlyOne))).toEqual(["runs that went on meanwhile"]);
});
