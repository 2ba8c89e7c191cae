import { afterAll, beforeAll, beforeEach, describe } from "vitest";
import { describeAnswers } from "./answers.ts";
import { describeCancellation } from "./cancellation.ts";
import { type Contract, startContract } from "./contract-fixture.ts";
import type { ContractSubject } from "./contract-subject.ts";
import { describeFailures } from "./failures.ts";
import { describeInputs } from "./inputs.ts";
import { describeInterruptions } from "./interruptions.ts";
import { describeKeys } from "./keys.ts";
import { describeStructuredOutput } from "./structured-output.ts";
import { describeTools } from "./tools.ts";
import { describeUserEndpoints } from "./user-endpoints.ts";

/** What every provider does alike, asked through its real SDK against a server that speaks its wire over HTTPS. */
export function describeProvider(subject: ContractSubject): void {
  describe(`the provider ${subject.provider}`, () => {
    let contract: Contract;
    beforeAll(async () => {
      contract = await startContract(subject);
    });
    afterAll(() => contract.close());
    beforeEach(() => contract.reset());
    const current = () => contract;

    describeAnswers(subject, current);
    describeInputs(subject, current);
    describeTools(subject, current);
    describeStructuredOutput(subject, current);
    describeFailures(subject, current);
    describeInterruptions(subject, current);
    describeCancellation(current);
    describeKeys(current);
    describeUserEndpoints(subject);
  });
}
