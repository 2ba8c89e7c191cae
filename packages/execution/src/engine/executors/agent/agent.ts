import type { BlockExecutor } from "../../block-executor.ts";
import { failed } from "../../block-executor.ts";
import { readAttachments, shownAttachment } from "./attachments.ts";
import { converse } from "./conversation.ts";
import { createModels } from "./models.ts";
import { openToolbox } from "./tools/toolbox.ts";

/** A conversation with a model: it answers, or calls tools and is told their results, round after round. */
export const agentExecutor: BlockExecutor<"agent"> = {
  input: ({ block, templates }, renderer) => ({
    provider: block.provider,
    model: block.model,
    system: templates.system === null ? null : renderer.text(templates.system),
    prompt: renderer.text(templates.prompt),
    temperature: block.temperature ?? null,
    maxTokens: block.maxTokens,
    attachments: templates.attachments.map((template) => renderer.text(template)),
    tools: templates.tools.map(({ url, headers }) => ({
      url: url === null ? null : renderer.url(url),
      headers: renderer.texts(headers),
    })),
  }),
  shown: (input) => ({ ...input, attachments: input.attachments.map(shownAttachment) }),
  run: async ({ block }, input, context) => {
    const attachments = readAttachments(input.attachments);
    if (!attachments.ok) return failed("INVALID_INPUT", attachments.message);
    const opened = await openToolbox(block.tools ?? [], input.tools, context);
    if (!opened.ok) return opened;
    const { toolbox } = opened;
    try {
      const models = createModels([block, ...(block.fallbacks ?? [])], context);
      const asked = {
        system: input.system,
        content: [...attachments.parts, { type: "text" as const, text: input.prompt }],
        cachePrompt: block.cachePrompt ?? false,
        temperature: input.temperature,
        maxTokens: input.maxTokens,
        responseSchema: block.responseSchema ?? null,
      };
      return await converse(asked, models, toolbox, context);
    } finally {
      await toolbox.close();
    }
  },
};
