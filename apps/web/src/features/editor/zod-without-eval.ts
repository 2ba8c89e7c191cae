import { config } from "zod";

// zod compiles schemas with `new Function` where it may. The content security policy forbids that, and each attempt
// is an error in the browser's console, so zod is told before the first schema is made.
config({ jitless: true });
