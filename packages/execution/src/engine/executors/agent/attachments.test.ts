import { describe, expect, test } from "vitest";
import { engineLimits } from "../../limits.ts";
import { agent, planOf, start } from "../../testing/plans.ts";
import { pick, play, TestResources } from "../../testing/resources.ts";
import { readAttachments } from "./attachments.ts";

const png = "data:image/png;base64,iVBORw0KGgo=";

describe("attachments", () => {
  test("go to the model before the prompt, as images and documents", async () => {
    const resources = new TestResources();
    const block = agent("A", "What is this?", {
      attachments: ["<Start.file>", "data:application/pdf;base64,JVBERi0="],
    });
    const plan = planOf([start(["file"]), block], ["Start -> A"]);
    const events = await play(plan, resources, { input: { file: png } });
    expect(resources.prompts[0]?.messages).toEqual([
      {
        role: "user",
        content: [
          { type: "image", mediaType: "image/png", base64: "iVBORw0KGgo=" },
          { type: "pdf", base64: "JVBERi0=" },
          { type: "text", text: "What is this?" },
        ],
      },
    ]);
    expect(pick(events, "block.started")[1]?.input).toMatchObject({
      prompt: "What is this?",
      attachments: [png, "data:application/pdf;base64,JVBERi0="],
    });
  });

  test("are shown by their beginning, so that the rest of the input stays readable", async () => {
    const file = `data:image/png;base64,${"A".repeat(400_000)}`;
    const plan = planOf(
      [start(["file"]), agent("A", "Q", { attachments: ["<Start.file>"] })],
      ["Start -> A"],
    );
    const events = await play(plan, new TestResources(), { input: { file } });
    expect(pick(events, "block.started")[1]?.input).toMatchObject({
      prompt: "Q",
      attachments: [expect.stringMatching(/^data:image\/png;base64,A+… \(400022 characters\)$/)],
    });
  });

  test.each([
    ["another type", "data:text/html;base64,PGI+"],
    ["SVG, which can carry code", "data:image/svg+xml;base64,PHN2Zz4="],
    ["an address", "https://example.com/cat.png"],
    ["text that is no base64", "data:image/png;base64,not base64!"],
    ["base64 that was cut", "data:image/png;base64,iVBORw0KGg"],
    ["nothing", "data:image/png;base64,"],
    ["parameters", "data:image/png;charset=utf-8;base64,iVBORw0KGgo="],
  ])("%s is refused by its number, and no model is asked", async (_what, url) => {
    const resources = new TestResources();
    const plan = planOf(
      [start(["file"]), agent("A", "Q", { attachments: [png, "<Start.file>"] })],
      ["Start -> A"],
    );
    const events = await play(plan, resources, { input: { file: url } });
    expect(pick(events, "block.failed")).toMatchObject([
      { error: { code: "INVALID_INPUT", message: expect.stringContaining("Attachment 2") } },
    ]);
    expect(resources.prompts).toEqual([]);
  });

  test("are counted as bytes and bounded in all, to the byte", () => {
    const half = engineLimits.attachmentBytesMax / 2;
    const of = (bytes: number) => `data:image/png;base64,${Buffer.alloc(bytes).toString("base64")}`;
    expect(readAttachments([of(half), of(half)])).toMatchObject({ ok: true });
    expect(readAttachments([of(half), of(half + 1)])).toMatchObject({
      ok: false,
      message: expect.stringContaining("Attachment 2"),
    });
  });
});
