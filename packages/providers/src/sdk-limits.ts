/** The longest that a timer can wait: the pool's timeouts decide, not an SDK's, which end with the headers. */
export const neverMs = 2 ** 31 - 1;
