import { about, integer, list, named, nullable, object, page, text, time, word } from '../../document/schema';
import type { toApiKeyView, toDeadLetterView } from '../views';

export const deadLetterView = named(
  'DeadLetterView',
  object<ReturnType<typeof toDeadLetterView>>({
    id: text,
    kind: word('turn', 'delivery', 'webhook'),
    instance: text,
    chat: about('The hub’s id of the chat', nullable(text)),
    refId: about('The turn, the delivery or the webhook that it stands for', text),
    code: about('A stable code', text),
    detail: text,
    body: about('Of a webhook that was not understood: what came', nullable(text)),
    createdAt: time,
    replayedAt: nullable(time),
  }),
);
export const deadLetterPage = page('DeadLetterPage', deadLetterView);

export const replayedLetters = named('ReplayedLetters', object<{ replayed: number }>({ replayed: integer }));

export const apiKeyView = named(
  'ApiKeyView',
  object<ReturnType<typeof toApiKeyView>>({
    id: text,
    name: text,
    prefix: about('The key’s first characters', text),
    scopes: list(text),
    instances: about('The only instances that it may touch; null for all', nullable(list(text))),
    createdAt: time,
    lastUsedAt: nullable(time),
  }),
);

export const apiKeys = named(
  'ApiKeys',
  object<{ items: ReturnType<typeof toApiKeyView>[] }>({ items: list(apiKeyView) }),
);

export const newApiKey = named(
  'NewApiKey',
  object<{ id: string; key: string }>({ id: text, key: about('Shown this once', text) }),
);
