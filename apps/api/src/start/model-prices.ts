import { createPriceTable, type PriceTable } from "@gantry/providers";
import { readConfigFile } from "./config-file.ts";

/**
 * The prices that hold here: the list's, and what the operator's JSON file puts over them or adds for models that have none.
 * Throws `OperatorError` naming everything that is wrong with the file.
 */
export async function loadPrices(file: string | null): Promise<PriceTable> {
  if (file === null) return createPriceTable();
  return readConfigFile("MODEL_PRICES", file, createPriceTable);
}
