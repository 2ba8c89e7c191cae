import { z } from "zod";

/** A variable that holds a URL of one of these schemes, such as `https:`. */
export const urlVariable = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    message: `must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`,
  });
