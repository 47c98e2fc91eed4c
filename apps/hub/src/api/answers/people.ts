import type { Explanation } from '../../access/explain';
import {
  about,
  flag,
  integer,
  list,
  named,
  nullable,
  object,
  page,
  text,
  time,
  word,
} from '../../document/schema';
import type { toAccessRuleView, toChatView, toContactView } from '../views';
import { chatKind } from './events';

type ChatView = ReturnType<typeof toChatView>;

export const chatView = named(
  'ChatView',
  object<ChatView>({
    id: text,
    chatId: about('As agents are told it: `telegram:4242`', text),
    instance: text,
    kind: chatKind,
    title: nullable(text),
    lastInboundAt: nullable(time),
    paused: about(
      'The agent’s pause while it lasts',
      nullable(
        object<NonNullable<ChatView['paused']>>({
          since: time,
          until: about('Null: until somebody resumes', nullable(time)),
          reason: nullable(text),
        }),
      ),
    ),
    lane: about(
      'What waits for the agent',
      object<ChatView['lane']>({
        waiting: about('Messages that are not done with', integer),
        waitingSince: about('Null where nothing waits', nullable(time)),
        running: flag,
        attempts: integer,
        readyAt: about('When the agent is asked next; null where nothing waits', nullable(time)),
      }),
    ),
  }),
);
export const chatPage = page('ChatPage', chatView);

export const contactView = named(
  'ContactView',
  object<ReturnType<typeof toContactView>>({
    id: text,
    contactId: about('As agents are told it: `telegram:4242`', text),
    instance: text,
    personId: about('The same for all contacts that are one human', text),
    name: nullable(text),
    username: nullable(text),
    phone: nullable(text),
    locale: nullable(text),
    updatedAt: time,
  }),
);
export const contactPage = page('ContactPage', contactView);

type AccessRuleView = ReturnType<typeof toAccessRuleView>;

export const accessRuleView = named(
  'AccessRuleView',
  object<AccessRuleView>({
    id: text,
    instance: about('Null for a rule of all instances', nullable(text)),
    action: word('allow', 'block'),
    pattern: text,
    createdAt: time,
  }),
);
export const accessRulePage = page('AccessRulePage', accessRuleView);

export const accessCheck = named(
  'AccessCheck',
  object<Explanation & { names: string[]; rule: AccessRuleView | null }>({
    allowed: flag,
    reason: about('A stable code', text),
    detail: text,
    change: about('What would change it; null where the contact is answered', nullable(text)),
    rule: about('The rule that decides', nullable(accessRuleView)),
    names: about('All that the contact or chat is known by', list(text)),
  }),
);
