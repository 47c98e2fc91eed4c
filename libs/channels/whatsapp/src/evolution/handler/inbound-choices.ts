import { asList, asObject, asObjects, asText, type Unchecked } from '../models/inbound.models';

/** A button, a row or an option that somebody chose. */
export interface Choice {
  actionId: string;
  label: string | null;
}

/** Reads the choices in one field of a message; a sentence says why there are none. */
type ChoiceReader = (value: Unchecked, item: Unchecked) => Choice[] | string;

/** How each kind of answer to a question is read. */
export const choiceReaders: Readonly<Record<string, ChoiceReader>> = {
  buttonsResponseMessage: ({ selectedButtonId, selectedDisplayText }) =>
    one(selectedButtonId, selectedDisplayText),
  templateButtonReplyMessage: ({ selectedId, selectedDisplayText }) => one(selectedId, selectedDisplayText),
  listResponseMessage: ({ singleSelectReply, title }) =>
    one(asObject(singleSelectReply)?.selectedRowId, title),
  interactiveResponseMessage: ({ nativeFlowResponseMessage, body }) => {
    const flow = asObject(nativeFlowResponseMessage) ?? {};
    const answer = parse(flow.paramsJson);
    return one(answer?.id ?? flow.name, asObject(body)?.text ?? answer?.display_text);
  },
  pollUpdateMessage: readVote,
};

/** The message that was answered, by its key; null where the answer names it by its context instead. */
export function pollOf(value: Unchecked): Unchecked | null {
  return asObject(value.pollCreationMessageKey);
}

function one(id: unknown, label: unknown): Choice[] | string {
  const actionId = asText(id) ?? asText(label);
  return actionId === null
    ? 'Somebody chose something, and the event does not say what'
    : [{ actionId, label: asText(label) }];
}

/** Only 2.3.7 and later decrypt votes: they name the chosen options, and for each option who chose it. */
function readVote({ vote }: Unchecked, { pollUpdates }: Unchecked): Choice[] | string {
  const selected = asObject(vote)?.selectedOptions;
  const named = asList(selected)
    .map(asText)
    .filter((name) => name !== null);
  const counted = asObjects(pollUpdates)
    .filter(({ voters }) => asList(voters).length > 0)
    .map(({ name }) => asText(name))
    .filter((name) => name !== null);
  const names = [...new Set(named.length > 0 ? named : counted)];
  if (names.length > 0) return names.map((name) => ({ actionId: name, label: name }));
  if (Array.isArray(selected))
    return 'Somebody took a vote back, or Evolution does not know the poll: nothing is chosen';
  return 'Somebody voted in a poll. Evolution tells what was chosen from 2.3.7 on only: update it, or ask with a numbered text';
}

function parse(json: unknown): Unchecked | null {
  try {
    return asObject(JSON.parse(asText(json) ?? 'null'));
  } catch {
    return null;
  }
}
