import { Dispatcher, Pool } from "undici";

/**
 * One undici `Pool` per origin, kept until the end. undici's own `Agent` drops an origin's pool when a connection ends while others of
 * it are still being opened (nodejs/undici#5034, mended in version 8 only, which Node 20 cannot run): after one cancelled call 12
 * connections were opened where 7 do. Meant for the few origins that operators name.
 */
export class OriginPools extends Dispatcher {
  readonly #pools = new Map<string, Pool>();
  readonly #options: Pool.Options;

  constructor(options: Pool.Options) {
    super();
    this.#options = options;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const origin = String(options.origin);
    let pool = this.#pools.get(origin);
    if (pool === undefined) {
      pool = new Pool(origin, this.#options);
      this.#pools.set(origin, pool);
    }
    return pool.dispatch(options, handler);
  }

  /** Open connections and calls in flight, per origin. */
  inspect(): { readonly origin: string; readonly open: number; readonly callsInFlight: number }[] {
    return [...this.#pools].map(([origin, { stats }]) => ({
      origin,
      open: stats.connected,
      callsInFlight: stats.running,
    }));
  }

  /** Ends every connection at once; what is asked for afterwards fails. */
  async end(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
  }
}
