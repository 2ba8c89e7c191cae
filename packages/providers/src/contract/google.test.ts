import { describeProvider } from "./describe-provider.ts";
import { subjects } from "./subjects.ts";

describeProvider(subjects.google);
// From version 3 on calls have ids, thoughts come back signed, and a schema goes with tools.
describeProvider({ ...subjects.google, model: "gemini-3-pro-preview" });
