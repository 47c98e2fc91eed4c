import type {
  Checklist,
  ChecklistTask,
  Contact,
  Dice,
  ExternalReplyInfo,
  Game,
  Invoice,
  Location,
  Message,
  Poll,
  PollOption,
  Story,
  Venue,
} from '@grammyjs/types';
import type {
  ContactAttachment,
  LocationAttachment,
  OtherAttachment,
  PollAttachment,
} from '@omni-hub/contracts';
import { asNumber, asObject, asObjects, asText, type Unchecked } from '../models/inbound.models';
import { fullName, readActorChat } from './inbound-people';
import { readOrigin } from './inbound-reply';

/** Content that is no file. */

/** A venue holds its location a second time; `live_period` is there while a location is being shared. */
export function readLocation(value: unknown, venueValue: unknown): LocationAttachment | null {
  const venue = asObject<Venue>(venueValue);
  const location = asObject<Location>(value) ?? asObject<Location>(venue?.location);
  const latitude = asNumber(location?.latitude);
  const longitude = asNumber(location?.longitude);
  if (!location || latitude === null || longitude === null) return null;
  const name = asText(venue?.title);
  const address = asText(venue?.address);
  return {
    kind: 'location',
    latitude,
    longitude,
    ...(name !== null && { name }),
    ...(address !== null && { address }),
    ...(asNumber(location.live_period) !== null && { live: true }),
  };
}

export function readContact(value: unknown): ContactAttachment | null {
  const contact = asObject<Contact>(value);
  if (!contact) return null;
  const phone = asText(contact.phone_number);
  const name = fullName(contact) ?? phone;
  if (name === null) return null;
  const vcard = asText(contact.vcard);
  return {
    kind: 'contact',
    name,
    phones: phone === null ? [] : [phone],
    ...(vcard !== null && { vcard }),
  };
}

export function readPoll(value: unknown): PollAttachment | null {
  const poll = asObject<Poll>(value);
  const question = asText(poll?.question);
  if (!poll || question === null) return null;
  const options = asObjects<PollOption>(poll.options).map((option) => asText(option.text));
  return {
    kind: 'poll',
    question,
    options: options.filter((option) => option !== null),
    multiple: poll.allows_multiple_answers === true,
  };
}

/** Dice, games, invoices, stories and checklists: a small extract of each, in words that an agent understands. */
export function readSmallThings(message: Unchecked<Message>): OtherAttachment[] {
  const dice = asObject<Dice>(message.dice);
  const game = asObject<Game>(message.game);
  const invoice = asObject<Invoice>(message.invoice);
  const checklist = asObject<Checklist>(message.checklist);
  return [
    dice && other('dice', { emoji: dice.emoji, value: dice.value }),
    game && other('game', { title: game.title, description: game.description }),
    invoice &&
      other('invoice', {
        title: invoice.title,
        description: invoice.description,
        currency: invoice.currency,
        totalAmount: invoice.total_amount,
      }),
    checklist && other('checklist', { title: checklist.title, tasks: tasks(checklist.tasks) }),
    story('story', message.story),
    story('reply to a story', message.reply_to_story),
    externalReply(message),
  ].filter((thing) => thing !== null);
}

/** `data` keeps what a reader understands: texts, numbers, truths. */
export function other(what: string, data: Record<string, unknown>): OtherAttachment {
  const kept = Object.entries(data).filter((entry): entry is [string, string | number | boolean] =>
    ['string', 'number', 'boolean'].includes(typeof entry[1]),
  );
  return { kind: 'other', what, data: Object.fromEntries(kept) };
}

function tasks(value: unknown): string {
  return asObjects<ChecklistTask>(value)
    .map((task) => `[${asNumber(task.completion_date) ? 'x' : ' '}] ${asText(task.text) ?? ''}`)
    .join('\n');
}

function story(what: string, value: unknown): OtherAttachment | null {
  const found = asObject<Story>(value);
  return found && other(what, { id: found.id, postedBy: readActorChat(found.chat)?.name });
}

/** A reply to a message of another chat whose id Telegram keeps to itself: only its author and the quoted words are known. */
function externalReply(message: Unchecked<Message>): OtherAttachment | null {
  const reply = asObject<ExternalReplyInfo>(message.external_reply);
  if (!reply || asNumber(reply.message_id) !== null) return null;
  const quote = asText(asObject<{ text: string }>(message.quote)?.text);
  return other('reply to another chat', { author: readOrigin(reply.origin), quote });
}
