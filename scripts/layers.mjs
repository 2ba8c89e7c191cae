/**
 * Which package may import which: a package imports from the layers above it in this list, never from its own or a
 * later one. ARCHITECTURE.md draws the same picture.
 *
 * @type {string[][]}
 */
export const layers = [
  ["workflow", "egress", "sandbox", "secrets", "model-server", "db"],
  ["billing", "mcp", "providers"],
  ["execution", "authoring", "operations"],
  ["api"],
  ["web", "bench", "cli"],
];

/**
 * A package listed here may import only these at run time; of the other packages below it, only types. The browser
 * must not be handed the server.
 *
 * @type {Record<string, string[]>}
 */
export const typesOnly = {
  web: ["workflow"],
};
