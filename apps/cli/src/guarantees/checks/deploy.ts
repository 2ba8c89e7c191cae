import { deploy as deployDraft, saveDraft } from "../calls/procedures.ts";
import { startRun } from "../calls/start-run.ts";
import type { Check } from "../check.ts";
import { answering } from "../installation/definitions.ts";
import { createTenant } from "../installation/tenant.ts";
import { inLoop } from "../observe.ts";
import { judgeDeploy, type VersionedAnswer } from "./judge-deploy.ts";

/**
 * New versions of a workflow that both processes run all the time, deployed through either. The first runs after each
 * deployment, one at each process, are sent as soon as it was answered.
 */
export const deploy: Check = {
  title: "A version that was deployed is the one that runs",
  async run({ database, processes }, { deployments }) {
    const both = processes();
    const { ask } = await createTenant(database, answering({ version: 1 }));
    let deployed = 1;
    const answers: VersionedAnswer[] = [];
    const run = async (process: number, isFirst: boolean) => {
      const atLeast = deployed;
      const answer = await startRun(both[process === 0 ? 0 : 1].baseUrl, ask);
      answers.push({ process, isFirst, deployed: atLeast, answer });
    };
    const traffic = inLoop(2, (process) => run(process, false));
    try {
      for (let revision = 1; revision <= deployments; ) {
        const { baseUrl } = both[revision % 2 === 0 ? 0 : 1];
        revision = await saveDraft(baseUrl, ask, revision, answering({ version: revision + 1 }));
        await deployDraft(baseUrl, ask);
        deployed = revision;
        await Promise.all([run(0, true), run(1, true)]);
      }
    } finally {
      await traffic.stop();
    }
    return judgeDeploy(deployments, answers);
  },
};
