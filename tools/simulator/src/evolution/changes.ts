import type { Entry, SimulatedChat } from './chat';
import type { Contact } from './contact';
import { editOf, envelope, pollOptions, reactionTo, revokeOf, reworded } from './content';
import { type Fields, Long } from './values';
import type { World } from './world';

/** A vote replaces the former one. Before 2.3.7 the server passes it over. */
export function vote(world: World, by: Contact, chat: SimulatedChat, poll: Entry, choices: string[]): void {
  const options = pollOptions(poll.message);
  const unknown = choices.find((choice) => !options.includes(choice));
  if (unknown !== undefined) throw new Error(`The poll has no option "${unknown}": ${options.join(', ')}`);
  poll.votes.set(by.name, choices);
  world.tell({ kind: 'voted', chat, entry: poll });
  if (!world.dialect.tellsVotes) return;
  const { remoteJid, fromMe, id } = poll.key;
  const pollUpdateMessage = {
    pollCreationMessageKey: { remoteJid, fromMe, id },
    vote: { selectedOptions: choices },
    senderTimestampMs: new Long(Date.now()),
  };
  const told = world.aside(chat, by, { pollUpdateMessage });
  const voter = told.key.participant ?? told.key.remoteJid;
  const pollUpdates = options.map((name) => ({ name, voters: choices.includes(name) ? [voter] : [] }));
  world.events.message(chat, told, { pollUpdates });
}

/** An emoji replaces the former one; an empty text takes it back. */
export function react(world: World, by: Contact, chat: SimulatedChat, entry: Entry, emoji: string): void {
  if (emoji) entry.reactions.set(by.name, emoji);
  else entry.reactions.delete(by.name);
  world.tell({ kind: 'reacted', chat, entry });
  const beside = envelope(chat, by, (count) => world.media.bytes(count));
  world.events.message(chat, world.aside(chat, by, { ...beside, ...reactionTo(entry, emoji) }));
}

/** Changes a text or a caption: `messages.edited`, and a `messages.update` that is about no status. */
export function edit(world: World, chat: SimulatedChat, entry: Entry, text: string): void {
  const content = reworded(entry.message, text);
  entry.versions.push(entry.text);
  entry.text = text;
  entry.message = { ...entry.message, ...content };
  world.tell({ kind: 'edited', chat, entry });
  world.events.emit(chat.instance, 'messages.edited', editOf(writersView(chat, entry), content), chat.jid);
  const { emptyStatus, version } = world.dialect;
  world.events.update(chat, entry, {
    ...(emptyStatus && { status: emptyStatus }),
    ...(version === '2.3.7' && { message: { editedMessage: { message: content } } }),
  });
}

/** Deletes for everyone: told by `messages.edited` too. */
export function revoke(world: World, chat: SimulatedChat, entry: Entry): void {
  entry.deleted = true;
  world.tell({ kind: 'deleted', chat, entry });
  world.events.emit(chat.instance, 'messages.edited', revokeOf(writersView(chat, entry)), chat.jid);
  const { remoteJid, fromMe, id, participant } = entry.key;
  const key = { remoteJid, fromMe, id, ...(participant && { participant }) };
  const told = world.dialect.tellsDeleted ? { ...key, status: 'DELETED' } : key;
  world.events.emit(chat.instance, 'messages.delete', told, chat.jid);
}

/**
 * The key as the writer's phone has it, which `messages.edited` passes on in every version: `fromMe` is true and, in a direct chat,
 * `remoteJid` is the account. https://github.com/evolution-foundation/evolution-api/issues/1367
 */
function writersView(chat: SimulatedChat, { key }: Entry): Fields {
  return { remoteJid: chat.contact ? chat.instance.jid : chat.jid, fromMe: true, id: key.id };
}
