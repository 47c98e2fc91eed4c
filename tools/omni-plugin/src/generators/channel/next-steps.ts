import type { OpenapiDraft } from './openapi/read-openapi';
import type { ChannelPlan } from './options';

/** What the author of a new channel is told. */
export function nextSteps({ id, title }: ChannelPlan, draft: OpenapiDraft | null): string {
  const drafted = draft
    ? [
        '',
        `Of the OpenAPI document, ${draft.draftedOperations} of ${draft.allOperations} operations are in client/operations.ts: keep what is used.`,
      ]
    : [];
  return [
    '',
    `${title} is a channel now. It speaks a plain JSON API and keeps every rule of the kit:`,
    '',
    `  npx nx run-many -t lint,typecheck,test -p channel-${id}`,
    ...drafted,
    '',
    `What makes it ${title}'s own is told in libs/channels/${id}/README.md, "What is next":`,
    '  1. models from the documentation of the platform',
    '  2. fixtures: recorded, or derived from the documentation',
    '  3. inbound, client and failures, outbound',
    '  4. capabilities, as they are',
    `  5. the fake platform in tools/simulator/src/${id}`,
    '  6. the README: set-up, and what is peculiar',
    '',
  ].join('\n');
}
