import { describeProvider } from "./describe-provider.ts";
import { subjects } from "./subjects.ts";

describeProvider(subjects.vllm);
