import type { WorkflowDefinition } from "@gantry/workflow";

/** A function and a condition, no model: costs nothing but the base charge. */
export const quoteCalculator: WorkflowDefinition = {
  schemaVersion: 1,
  variables: [
    { name: "approvalFrom", value: 1_000 },
    { name: "vat", value: { NL: 0.21, DE: 0.19, FR: 0.2 } },
  ],
  blocks: [
    {
      id: "start",
      name: "Start",
      type: "start",
      position: { x: 0, y: 120 },
      inputs: [
        { name: "quantity", type: "number", required: true, description: "How many.", default: 120 },
        { name: "unitPrice", type: "number", required: true, description: "In euros.", default: 4.5 },
        {
          name: "country",
          type: "string",
          required: false,
          description: "NL, DE or FR; elsewhere no VAT is added.",
          default: "NL",
        },
      ],
    },
    {
      id: "price",
      name: "Price",
      type: "function",
      position: { x: 300, y: 120 },
      inputs: {
        quantity: "<Start.quantity>",
        unitPrice: "<Start.unitPrice>",
        country: "<Start.country>",
        vat: "<variable.vat>",
        approvalFrom: "<variable.approvalFrom>",
      },
      code: [
        "const cents = (euros) => Math.round(euros * 100) / 100;",
        "const discount = inputs.quantity >= 100 ? 0.1 : inputs.quantity >= 50 ? 0.05 : 0;",
        "const net = cents(inputs.quantity * inputs.unitPrice * (1 - discount));",
        "const vat = cents(net * (inputs.vat[inputs.country] ?? 0));",
        "const total = cents(net + vat);",
        "return { discount, net, vat, total, needsApproval: total >= inputs.approvalFrom };",
      ].join("\n"),
      timeoutMs: 1_000,
    },
    {
      id: "approval",
      name: "Approval",
      type: "condition",
      position: { x: 600, y: 120 },
      inputs: { price: "<Price.result>" },
      branches: [{ id: "needed", when: "inputs.price.needsApproval" }],
    },
    {
      id: "pending",
      name: "Pending",
      type: "response",
      position: { x: 900, y: 0 },
      output: { status: "needs approval", price: "<Price.result>" },
    },
    {
      id: "quote",
      name: "Quote",
      type: "response",
      position: { x: 900, y: 240 },
      output: { status: "final", price: "<Price.result>" },
    },
  ],
  edges: [
    { id: "e1", source: "start", sourceHandle: "out", target: "price" },
    { id: "e2", source: "price", sourceHandle: "out", target: "approval" },
    { id: "e3", source: "approval", sourceHandle: "branch:needed", target: "pending" },
    { id: "e4", source: "approval", sourceHandle: "else", target: "quote" },
  ],
};
