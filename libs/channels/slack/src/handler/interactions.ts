import {
  asObject,
  asObjects,
  asText,
  PayloadError,
  type Ignored,
  type Received,
  type Unchecked,
} from '@omni-hub/channel-sdk';
import type { ActionChosen } from '@omni-hub/contracts';
import { asId, asTs, timeOf, type InteractionPayload } from '../models/inbound.models';
import { messageId } from './ids';
import { chatOf, contactOf } from './inbound-people';

/** Buttons and menus that the hub sends have action ids that begin so: what is told is their value. */
export const actionPrefix = 'omni-hub:';
/** A button that opens a link: Slack tells of the press, which means nothing to anybody. */
export const linkPrefix = `${actionPrefix}link:`;

/**
 * Reads what comes as a form: commands, and presses in a field `payload`. `requestedAt` is the signed time of the request, epoch seconds.
 * Pure. Throws PayloadError where it is neither, nothing else. https://docs.slack.dev/interactivity
 */
export function readForm(body: string, requestedAt: string): Received {
  const form = new URLSearchParams(body);
  const payload = form.get('payload');
  if (payload !== null) return readInteraction(asObject<InteractionPayload>(parse(payload)));
  return readCommand(form, Number(requestedAt) * 1_000 || 0);
}

/** https://docs.slack.dev/interactivity/implementing-slash-commands */
function readCommand(form: URLSearchParams, at: number): Received {
  const [command, eventId] = [form.get('command'), form.get('trigger_id')];
  if (!command || !eventId)
    throw new PayloadError('Not a request of Slack: expected an event as JSON, a command or an interaction');
  const [channel, user] = [asId(form.get('channel_id')), asId(form.get('user_id'))];
  if (channel === null || user === null)
    return left(eventId, command, 'The command names no channel or no user, so there is nobody to answer');
  const name = form.get('channel_name') ?? '';
  const title = /^(directmessage|privategroup|mpdm-.*)?$/.test(name) ? null : name;
  return {
    events: [
      {
        type: 'action',
        eventId,
        rawKind: 'slash_command',
        at,
        chat: chatOf(channel, { title }),
        sender: contactOf(user, { username: form.get('user_name') || null }),
        actionId: command,
        label: `${command} ${form.get('text') ?? ''}`.trim(),
        messageId: null,
        ackRef: form.get('response_url') || null,
      },
    ],
  };
}

function readInteraction(payload: Unchecked<InteractionPayload> | null): Received {
  const kind = asText(payload?.type);
  if (!payload || kind === null)
    throw new PayloadError('Not an interaction of Slack: expected JSON with the text "type" in "payload"');
  if (kind === 'block_actions') return readActions(payload);
  if (kind === 'message_action') return readShortcut(payload);
  const eventId = `${kind}:${asText((payload as { trigger_id?: unknown }).trigger_id) ?? 'without an id'}`;
  return left(
    eventId,
    kind,
    `The channel does not read interactions of the kind "${kind}": only what is pressed in a message and the shortcuts of messages`,
  );
}

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload; each action by itself. */
function readActions(payload: Unchecked<InteractionPayload>): Received {
  const received: { events: ActionChosen[]; ignored: Ignored[] } = { events: [], ignored: [] };
  asObjects(payload.actions).forEach((action, index) => {
    const reading = readAction(payload, action as Record<string, unknown>, index);
    if ('type' in reading) received.events.push(reading);
    else received.ignored.push(reading);
  });
  return received;
}

function readAction(
  payload: Unchecked<InteractionPayload>,
  action: Record<string, unknown>,
  index: number,
): ActionChosen | Ignored {
  const place = readPlace(payload);
  const time = asTs(action.action_ts);
  const id = asText(action.action_id);
  const eventId = `press:${placeIn(place)}:${time ?? 'some time'}:${index}`;
  const rawKind = `block_actions.${asText(action.type) ?? 'unknown'}`;
  const ignored = (reason: string) => ({ eventId, rawKind, reason });
  if (id?.startsWith(linkPrefix))
    return ignored('A link was opened by its button: nothing is to be answered');
  if (!place)
    return ignored('What was pressed is in no channel (a home tab or a form), so there is nowhere to answer');
  if (id === null || time === null)
    return ignored('Something was pressed, but Slack does not say what or when');
  const option = asObject<{ text: unknown; value: string }>(action.selected_option);
  const label = textOf(option?.text) ?? textOf(action.text);
  const value = asText(option?.value) ?? asText(action.value);
  const actionId = id.startsWith(actionPrefix) && value !== null ? value : id;
  return {
    type: 'action',
    eventId,
    rawKind,
    at: timeOf(time),
    ...place.told,
    actionId,
    label,
    ackRef: null,
  };
}

/** A shortcut in the menu of a message. https://docs.slack.dev/interactivity/implementing-shortcuts */
function readShortcut(payload: Unchecked<InteractionPayload>): Received {
  const place = readPlace(payload);
  const [time, actionId] = [asTs(payload.action_ts), asText(payload.callback_id)];
  const eventId = `shortcut:${placeIn(place)}:${time ?? 'some time'}`;
  if (!place || time === null || actionId === null)
    return left(
      eventId,
      'message_action',
      'A shortcut was used, but Slack does not say which, where or when',
    );
  const event: ActionChosen = {
    type: 'action',
    eventId,
    rawKind: 'message_action',
    at: timeOf(time),
    ...place.told,
    actionId,
    label: null,
    ackRef: asText(payload.response_url),
  };
  return { events: [event] };
}

/** For ids: of one moment there is one press of one person in one channel. */
function placeIn(place: ReturnType<typeof readPlace>): string {
  return place ? `${place.channel}:${place.user}` : 'nowhere';
}

/** Who pressed, and where. A message that only the presser sees is not told, and can be answered in no thread of its own; that which it stands in can. */
function readPlace(payload: Unchecked<InteractionPayload>) {
  const channelObject = asObject<{ id: string; name: string }>(payload.channel);
  const userObject = asObject<{ id: string; username: string; name: string }>(payload.user);
  const [channel, user] = [asId(channelObject?.id), asId(userObject?.id)];
  if (channel === null || user === null) return null;
  const message = asObject<{ ts: string; thread_ts: string }>(payload.message);
  const container = asObject<{ thread_ts: string }>(payload.container);
  const [ts, thread] = [asTs(message?.ts), asTs(message?.thread_ts) ?? asTs(container?.thread_ts)];
  return {
    channel,
    user,
    told: {
      chat: chatOf(channel, { thread: thread === ts ? null : thread }),
      sender: contactOf(user, { username: asText(userObject?.username) ?? asText(userObject?.name) }),
      messageId: ts === null ? null : messageId(channel, ts),
    },
  };
}

function textOf(value: unknown): string | null {
  return asText(asObject<{ text: string }>(value)?.text);
}

function left(eventId: string, rawKind: string, reason: string): Received {
  return { events: [], ignored: [{ eventId, rawKind, reason }] };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
