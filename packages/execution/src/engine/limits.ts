/** Every bound of a run, declared together. Times in milliseconds; characters are UTF-16 units of JSON text. */
export const engineLimits = {
  /** Blocks of one run that are in flight at the same time. */
  blocksInFlightMax: 32,
  /** Events that wait for the consumer before no further block is started. */
  eventsWaitingMax: 128,
  /** Streamed text that waits for the consumer before the model's stream is read no further. */
  textWaitingCharsMax: 1_000_000,
  /** What one model call may answer: its text and the arguments of its tool calls. */
  answerCharsMax: 4_000_000,
  /** What one model call may ask, as `promptBytes` counts it. Twenty rounds of tools and answers fill the memory otherwise. */
  promptBytesMax: 32_000_000,
  /** What the templates of one block may grow to. Without it, one body referenced many times fills the memory. */
  blockInputCharsMax: 32_000_000,
  /** What the outputs of one run may add up to. */
  runDataCharsMax: 64_000_000,
  /** An event carries a block's input up to here, beyond it a preview. */
  eventInputBytesMax: 64 * 1024,
  eventPreviewChars: 2_000,
  /** Deeper JSON is refused: the recursive readers behind us (JSON.stringify, the browser) fail on it. */
  jsonDepthMax: 256,
  /** Secrets shorter than this are not searched for in outputs: "1" or "no" would mask half of any text. */
  secretCharsMin: 4,

  functionTimeoutMs: 5_000,
  sandboxMemoryBytes: 64 * 1024 * 1024,
  functionResultBytes: 1024 * 1024,
  conditionTimeoutMs: 500,
  conditionResultBytes: 64 * 1024,
  httpTimeoutMs: 10_000,
  httpBodyBytes: 1024 * 1024,

  /** Answers of the model in one agent block. */
  agentRoundsMax: 20,
  agentToolsMax: 128,
  toolCallsPerRoundMax: 64,
  toolCallsAtOnce: 8,
  /** What the model is told of a tool's result, and what the block's output repeats of it. */
  toolResultCharsMax: 100_000,
  toolResultShownChars: 10_000,
  attachmentBytesMax: 20 * 1024 * 1024,
  /** How often one call is made again on the same model. */
  callRetriesMax: 2,
  /** Before the first of them, unless the provider says how long; doubled for each further one. */
  callRetryWaitMs: 250,
  /** Workflows that call each other: the run itself is 0 deep. */
  childDepthMax: 5,
  /** Calls of workflows within one run, however deep: without it, depth alone allows more than any run could end. */
  childRunsMax: 200,
} as const;
