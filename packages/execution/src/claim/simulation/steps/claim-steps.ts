import type { ClaimRequest } from "../../port.ts";
import { drawRequest } from "../draw.ts";
import { atTheEdge } from "../edge.ts";
import { sameAnswer } from "../same-answer.ts";
import { type Effect, nothing, refused, remember, type Simulation } from "../simulation.ts";
import type { Death } from "../stores/dying-sql.ts";

/** Claims, and who is told what of them. */
export const claimSteps = {
  async claim(simulation: Simulation): Promise<Effect> {
    return await claim(simulation, draw(simulation));
  },

  /** Its process dies with the answer: before the run is on record, where that is written after the claim. */
  async claimAndDie(simulation: Simulation): Promise<Effect> {
    return await claim(simulation, draw(simulation), "before");
  },

  /** A run that is in progress, has ended, was refused or given back; by its own payer or somebody else. */
  async claimAgain(simulation: Simulation): Promise<Effect> {
    const { chance, model, payers, recent } = simulation;
    const slots = [...model.slots.values()].map(({ request }) => request);
    const from = slots.length > 0 && chance.odds(0.4) ? slots : recent;
    if (from.length === 0) return nothing;
    const first = chance.pick(from);
    const { runId } = first;
    const isKnown = model.slots.has(runId) || model.ends.has(runId);
    if (isKnown && chance.odds(0.4)) {
      const others = payers.filter(({ payerId }) => payerId !== first.payerId);
      return await claim(simulation, drawRequest(chance, chance.pick(others), runId, first.holder));
    }
    // An answer that was lost: the same request. Another process: never twice the same run.
    const again = chance.odds(0.6)
      ? first
      : { ...first, holder: chance.pick(simulation.holders), epoch: first.epoch + 1 };
    simulation.givenUp.delete(runId);
    return await claim(simulation, again);
  },

  async inspect(simulation: Simulation): Promise<Effect> {
    const { chance, model, store, recent } = simulation;
    const request = recent.length > 0 && chance.odds(0.2) ? chance.pick(recent) : draw(simulation);
    sameAnswer(await chance.pick(store.processes).inspect(request), model.inspect(request));
    return refused;
  },

  /** The store is slow: who asked gives up, and gives back what is not there yet. */
  async giveUp(simulation: Simulation): Promise<Effect> {
    const { late, givenUp } = simulation;
    if (late.length > 3) return nothing;
    const request = draw(simulation);
    late.push(request);
    givenUp.set(request.runId, request);
    return await giveBack(simulation, request);
  },

  /** What was given up reaches the store after all, and is taken or refused as it finds it then. */
  async arriveLate(simulation: Simulation): Promise<Effect> {
    const request = simulation.late.shift();
    if (request === undefined) return nothing;
    const effect = await claim(simulation, request, null, false);
    // Nobody looks for it for ever.
    if (!simulation.model.slots.has(request.runId)) simulation.givenUp.delete(request.runId);
    return effect;
  },

  async giveBack(simulation: Simulation): Promise<Effect> {
    const { chance, givenUp, model } = simulation;
    const all = [...givenUp.values()];
    const arrived = all.filter(({ runId }) => model.slots.has(runId));
    const from = arrived.length > 0 && chance.odds(0.7) ? arrived : all;
    return from.length === 0 ? nothing : await giveBack(simulation, chance.pick(from));
  },

  /** By whom it does not belong to, or of what is not there, too. */
  async release(simulation: Simulation): Promise<Effect> {
    const { chance, model, store, holders, running, recent } = simulation;
    const untouched = [...model.slots.values()].filter(
      ({ request, ended }) => ended === null && (running.get(request.runId)?.calls.length ?? 0) === 0,
    );
    const gone = recent.filter(({ runId }) => !model.slots.has(runId));
    const from = [...untouched.map(({ request }) => request), ...gone.slice(0, 3)];
    if (from.length === 0) return nothing;
    const { runId, holder: own } = chance.pick(from);
    const holder = chance.odds(0.7) ? own : chance.pick(holders);
    const predicted = model.release(runId, holder);
    const isReleased = await chance.pick(store.processes).release(runId, holder);
    sameAnswer(isReleased, predicted);
    if (isReleased) running.delete(runId);
    simulation.note(`release: ${isReleased}`);
    return isReleased ? nothing : refused;
  },
};

function draw(simulation: Simulation): ClaimRequest {
  const { chance, model, payers, holders } = simulation;
  const request = drawRequest(chance, chance.pick(payers), simulation.newRunId(), chance.pick(holders));
  // Facts are as old as their preflight: they know all that was settled, or what was a while ago.
  const known = chance.odds(0.6) ? model.money.settled(request) : request.known;
  const informed = { ...request, known: { ageMs: chance.between(0, 50_000), ...known } };
  const edge = atTheEdge(simulation, informed, { askedMicros: request.holdMicros, ownMicros: 0 });
  const drawn = { ...informed, ...edge };
  remember(simulation.recent, drawn);
  return drawn;
}

/** `isAwaited`: its process runs the run, if it is admitted. */
async function claim(
  simulation: Simulation,
  request: ClaimRequest,
  death: Death | null = null,
  isAwaited = true,
): Promise<Effect> {
  const { store, model, chance, running } = simulation;
  const isNew = !model.slots.has(request.runId);
  const process = death === null ? chance.pick(store.processes) : store.dying(death);
  const answer = await process.claim(request);
  sameAnswer(answer, model.claim(request, death));
  simulation.note(`claim: ${answer.result}`);
  if (answer.result === "conflict") return nothing;
  if (answer.result !== "claimed") return refused;
  if (isNew && death === null) await store.atRest(request);
  if (isAwaited && !running.has(request.runId)) {
    const first = model.slots.get(request.runId)?.request ?? request;
    running.set(request.runId, { request: first, calls: [], isOverspent: false });
  }
  return isNew ? { granted: request } : refused;
}

async function giveBack(
  { store, model, chance, givenUp, note }: Simulation,
  request: ClaimRequest,
): Promise<Effect> {
  const { runId, holder } = request;
  const predicted = model.release(runId, holder);
  const isBack = await chance.pick(store.processes).release(runId, holder);
  sameAnswer(isBack, predicted);
  if (isBack) givenUp.delete(runId);
  note(`give back: ${isBack}`);
  return isBack ? nothing : refused;
}
