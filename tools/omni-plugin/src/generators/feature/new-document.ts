import { writeHead, type FeatureFacts, type FeatureType } from '../../features/document';
import type { Similar } from '../../features/similar';
import { namesOf } from '../../workspace/names';

const mostSimilar = 5;

/** The document of a feature that begins. Quoted lines are questions: what is written below them answers. Pure. */
export function newDocument(
  facts: FeatureFacts,
  similar: readonly Similar[],
  title = namesOf(facts.feature).title,
): string {
  return `${writeHead(facts)}
# ${title}

## Overview

> What can somebody do with it that they cannot do now, and who asks for it? Ten words at least.

## Requirements

> What has to be true when it is done? Three at least, each of which a test can show.${
    facts.docs === null
      ? '\n> Which documentation is it built from? Link it.'
      : `\n> They are read from [the documentation](${facts.docs}).`
  }

## Similar implementations

${similar.length > 0 ? table(similar.slice(0, mostSimilar)) : 'There is none yet.'}

> Which of them is followed, and where does this one differ?

## Plan

> The steps, each a commit that stands alone.

${steps[facts.type].map((step, index) => `${index + 1}. ${step}`).join('\n')}

## Decisions needed

> What has to be decided, an item for each; it counts as decided when it links its document in docs/decisions. "None." where there is none.

## Progress

\`npm run features\` computes it.
`;
}

function table(similar: readonly Similar[]): string {
  const rows = similar.map(
    ({ name, file, auth, transport, can, points }) =>
      `| [${name}](../../${file}) | ${auth} | ${transport} | ${can} | ${points} |`,
  );
  return ['| implementation | auth | transport | can | in common |', '| - | - | - | - | - |', ...rows].join(
    '\n',
  );
}

const steps: Record<FeatureType, string[]> = {
  channel: [
    'Models: the configuration first, then what comes in, from the documentation.',
    'Fixtures of everything that the platform sends, and the reading of it: IN-1 to IN-9.',
    'The client, its failures, and what is sent: OUT-1 to OUT-6.',
    'Capabilities as they are: CAP-1, CAP-2; the README.',
    'The fake platform, and the main road in the black-box suite.',
  ],
  service: [
    'The exchange and the configuration, from the documentation.',
    'The client and its failures, against the fake service.',
    'The use of it by the hub, with its settings.',
  ],
  endpoint: [
    'The models: what is asked and answered.',
    'The use of the store or a service, and what it refuses.',
    'The guide that tells of it.',
  ],
  agent: [
    'The protocol in the fake agent, from the documentation.',
    'The configuration and the adapter, until the suite over all kinds passes.',
    'Its section in docs/guides/agents.md.',
  ],
};
