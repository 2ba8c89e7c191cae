/** How a run came to be. Chosen by the server from the door the request came through, never from its input. */
export type ProfileName = "manual" | "api" | "schedule" | "webhook" | "resume";

export interface Profile {
  readonly name: ProfileName;
  /** `draft`: the editor's. `active`: the active version, pinned at admission. */
  readonly definition: "draft" | "active";
  /** Which token bucket a run of this profile takes from; null takes from none. */
  readonly rateCounter: "sync" | "async" | null;
  /** Which of the plan's deadlines bounds the run. */
  readonly deadline: "sync" | "async";
}

/** Runs from the editor spend no rate token: people press Run while they build. */
export const profiles: Readonly<Record<ProfileName, Profile>> = {
  manual: { name: "manual", definition: "draft", rateCounter: null, deadline: "sync" },
  api: { name: "api", definition: "active", rateCounter: "sync", deadline: "sync" },
  schedule: { name: "schedule", definition: "active", rateCounter: "async", deadline: "async" },
  webhook: { name: "webhook", definition: "active", rateCounter: "async", deadline: "async" },
  resume: { name: "resume", definition: "active", rateCounter: null, deadline: "async" },
};
