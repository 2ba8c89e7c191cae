/**
 * Simulations turn the clock, in ticks. One is so long that the time which a machine needs for thousands of steps is a
 * small part of it: how fast the machine is decides nothing.
 */
export const tickMs = 36_000_000;

/** Never a whole number: no lease ends at the moment of a tick. */
export const leaseTicks = 2.5;
