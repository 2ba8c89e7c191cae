import { z } from "zod";

/** What a newcomer needs to try Gantry; kept in demo.json in the data folder. */
export const demoShape = z.object({
  apiKey: z.string(),
  owner: z.object({ email: z.string(), password: z.string() }),
  workflows: z.array(z.object({ id: z.string(), name: z.string() })),
});
export type Demo = z.infer<typeof demoShape>;

export const demoFile = "demo.json";

/** Whoever has this address is the demo's owner: it marks a database as seeded. */
export const demoOwner = { name: "Demo Owner", email: "demo@gantry.local" };
