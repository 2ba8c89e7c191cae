import type { TopUpRequest } from "../../port.ts";
import type { Settlement } from "../../settlement.ts";
import { baseChargeMicros, chargeOf, drawSettlement, topUpOf } from "../draw.ts";
import { atTheEdge } from "../edge.ts";
import { type ModelSlot, restOf } from "../model/slot.ts";
import { sameAnswer } from "../same-answer.ts";
import { type Effect, nothing, type Run, refused, remember, type Simulation } from "../simulation.ts";
import type { Death } from "../stores/dying-sql.ts";

/** What a run holds on top, what its calls cost, and how it ends. */
export const moneySteps = {
  async topUp(simulation: Simulation): Promise<Effect> {
    const { store, model, chance, note } = simulation;
    const run = pickRun(simulation);
    if (run === null) return nothing;
    const request = drawTopUp(simulation, run);
    const predicted = model.topUp(request);
    const answer = await chance.pick(store.processes).topUp(request);
    sameAnswer(answer, predicted);
    note(`top up: ${answer.result}`);
    return answer.result === "held" ? { granted: { ...request, concurrentRunsMax: null } } : refused;
  },

  /** A call that is charged as it ends. */
  async settleCall(simulation: Simulation): Promise<Effect> {
    const run = pickRun(simulation);
    if (run === null) return nothing;
    const { runId } = run.request;
    const left = spendable(simulation, run);
    const isBeyond = left > 0 && simulation.chance.odds(0.04);
    const cost = isBeyond ? left + simulation.chance.between(1, 20_000) : drawCost(simulation, left);
    const charge = chargeOf(`agent:${run.calls.length}`, cost);
    run.calls.push(charge);
    run.isOverspent ||= isBeyond;
    // Somebody who lost the run and does not know: it is not charged yet.
    const epoch = run.request.epoch - (simulation.chance.odds(0.1) ? 1 : 0);
    const slot = simulation.model.slots.get(runId);
    return await settleCall(simulation, run, run.calls.length - 1, slot, epoch);
  },

  /** Its charge is lost on the way: it is made with the run's end, or not at all. */
  async loseCall(simulation: Simulation): Promise<Effect> {
    const run = pickRun(simulation);
    if (run === null) return nothing;
    const cost = drawCost(simulation, spendable(simulation, run));
    run.calls.push(chargeOf(`agent:${run.calls.length}`, cost));
    return refused;
  },

  /** Told once more, by a run in progress or one that is over; now and then under another epoch. */
  async settleCallAgain(simulation: Simulation): Promise<Effect> {
    const { chance, over, model } = simulation;
    const run = over.length > 0 && chance.odds(0.3) ? chance.pick(over) : pickRun(simulation);
    if (run === null || run.calls.length === 0) return nothing;
    const call = chance.between(0, run.calls.length - 1);
    const epoch = run.request.epoch - (chance.odds(0.3) ? 1 : 0);
    return await settleCall(simulation, run, call, model.slots.get(run.request.runId), epoch);
  },

  async dieCharging(simulation: Simulation): Promise<Effect> {
    const run = pickRun(simulation);
    if (run === null || run.isOverspent) return nothing;
    run.calls.push(chargeOf(`agent:${run.calls.length}`, drawCost(simulation, spendable(simulation, run))));
    const death = simulation.chance.pick(["before", "after"] as const);
    const slot = simulation.model.slots.get(run.request.runId);
    return await settleCall(simulation, run, run.calls.length - 1, slot, run.request.epoch, death);
  },

  async settle(simulation: Simulation): Promise<Effect> {
    const run = pickRun(simulation);
    if (run === null) return nothing;
    const settlement = drawSettlement(simulation.chance, run.request, run.calls);
    if (simulation.chance.odds(0.2)) await settle(simulation, run, settlement, "before");
    return await settle(simulation, run, settlement, null);
  },

  /** By somebody who was not told that it has ended, or who tells it otherwise. */
  async settleAgain(simulation: Simulation): Promise<Effect> {
    const { chance, over } = simulation;
    if (over.length === 0) return nothing;
    const run = chance.pick(over);
    return await settle(simulation, run, drawSettlement(chance, run.request, run.calls), null);
  },

  async settleUnderOldEpoch(simulation: Simulation): Promise<Effect> {
    const run = pickRun(simulation);
    if (run === null) return nothing;
    const settlement = drawSettlement(simulation.chance, run.request, run.calls);
    return await settle(simulation, run, { ...settlement, epoch: settlement.epoch - 1 }, null);
  },

  async dieSettling(simulation: Simulation): Promise<Effect> {
    const run = pickRun(simulation);
    if (run === null || run.isOverspent) return nothing;
    return await settle(simulation, run, drawSettlement(simulation.chance, run.request, run.calls), "after");
  },
};

/** Mostly one that still has its slot: the others' processes do not know yet. */
function pickRun({ running, model, chance }: Simulation): Run | null {
  const all = [...running.values()];
  const standing = all.filter(({ request }) => model.slots.has(request.runId));
  const from = standing.length > 0 && chance.odds(0.9) ? standing : all;
  return from.length === 0 ? null : chance.pick(from);
}

function spendable({ model }: Simulation, { request, calls }: Run): number {
  const slot = model.slots.get(request.runId);
  if (slot === undefined) return 10_000;
  const unwritten = calls
    .filter(({ key }) => !model.money.isCharged(`${request.runId}:model:${key}`))
    .reduce((total, { costMicros }) => total + costMicros, 0);
  return Math.max(0, restOf(slot) - baseChargeMicros - unwritten);
}

function drawCost({ chance }: Simulation, left: number): number {
  return chance.odds(0.2) ? 0 : chance.between(0, left);
}

function drawTopUp(simulation: Simulation, { request }: Run): TopUpRequest {
  const { chance, payers, model } = simulation;
  const payer = payers.find(({ payerId }) => payerId === request.payerId);
  const addMicros = chance.between(1, 60_000);
  const ownMicros = model.slots.get(request.runId)?.holdMicros ?? 0;
  const facts = { ...request, known: { ageMs: 0, settledMicros: 0, memberSettledMicros: 0 } };
  const edge = atTheEdge(simulation, facts, { askedMicros: addMicros, ownMicros });
  const topUp = { ...topUpOf(request, addMicros), ...edge };
  if (chance.odds(0.1)) return { ...topUp, epoch: request.epoch - 1 };
  // By what it was admitted with, or by what holds now.
  if (payer === undefined || chance.odds(0.5)) return topUp;
  const memberLimitMicros = payer.memberLimitMicros.get(request.userId) ?? null;
  return { ...topUp, limitMicros: payer.limitMicros, memberLimitMicros, ...edge };
}

async function settleCall(
  simulation: Simulation,
  run: Run,
  call: number,
  slot: ModelSlot | undefined,
  epoch = run.request.epoch,
  death: Death | null = null,
): Promise<Effect> {
  const { store, model, chance, note } = simulation;
  const charge = run.calls[call];
  if (charge === undefined) throw new Error("There is no such call.");
  const { runId } = run.request;
  const rest = slot === undefined ? 0 : restOf(slot);
  const { chargedMicros } = model.settleCall(runId, epoch, charge, death);
  const process = death === null ? chance.pick(store.processes) : store.dying(death);
  await survive(process.settleCall({ runId, epoch, charge }), death);
  note(`charge: ${chargedMicros > 0}`);
  return chargedMicros > rest ? { overspent: { by: run.request, micros: chargedMicros - rest } } : nothing;
}

async function settle(
  simulation: Simulation,
  run: Run,
  settlement: Settlement,
  death: Death | null,
): Promise<Effect> {
  const { store, model, chance, running, over, note } = simulation;
  const { runId, epoch } = run.request;
  const slot = model.slots.get(runId);
  const rest = slot === undefined ? 0 : restOf(slot);
  const { answer, chargedMicros } = model.settle(settlement, death);
  const process = death === null ? chance.pick(store.processes) : store.dying(death);
  const told = await survive(process.settle(settlement), death);
  if (death === null)
    sameAnswer(told === null ? null : { status: told.status, costMicros: told.costMicros }, answer);
  if (death !== "before" && settlement.epoch === epoch) {
    running.delete(runId);
    remember(over, run);
  }
  note(`settle: ${answer.status}`);
  return chargedMicros > rest ? { overspent: { by: run.request, micros: chargedMicros - rest } } : nothing;
}

/** What a process that died was told is of no use to anybody. */
async function survive<T>(answer: Promise<T>, death: Death | null): Promise<T | null> {
  if (death === null) return await answer;
  return await answer.catch(() => null);
}
