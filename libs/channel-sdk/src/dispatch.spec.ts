import type { Capabilities, ChatId, MessageId } from '@omni-hub/contracts';
import type { ChannelHandler, OutboundMessage, Receipt } from './channel';
import { perform } from './dispatch';
import type { Part } from './parts';

const chat = 'telegram:4242' as ChatId;
const messageId = 'telegram:4242:17' as MessageId;
const body = { text: 'new', spans: [] };
const signal = new AbortController().signal;

const message = (part: Part): OutboundMessage => ({
  deliveryId: 'd-1',
  attempt: 1,
  chat,
  part,
  files: [],
  replyTo: null,
  answers: null,
  replaces: null,
});

const receipt = (name: string): Receipt => ({ platformIds: [name as MessageId] });
const capabilities = {} as Capabilities;
const handler = () => ({
  capabilities,
  send: jest.fn(async () => receipt('send')),
  edit: jest.fn(async () => receipt('edit')),
  delete: jest.fn(async () => receipt('delete')),
  react: jest.fn(async () => receipt('react')),
});

describe('perform', () => {
  const target = { deliveryId: 'd-1', chat, messageId };

  it('edits with the new text as a text part', async () => {
    const channel = handler();
    expect(await perform(channel, message({ type: 'edit', messageId, body }), signal)).toEqual(
      receipt('edit'),
    );
    expect(channel.edit).toHaveBeenCalledWith(target, { type: 'text', body, buttons: [] }, signal);
    expect(channel.send).not.toHaveBeenCalled();
  });

  it('deletes and reacts', async () => {
    const channel = handler();
    expect(await perform(channel, message({ type: 'delete', messageId }), signal)).toEqual(receipt('delete'));
    expect(await perform(channel, message({ type: 'reaction', messageId, emoji: '👍' }), signal)).toEqual(
      receipt('react'),
    );
    expect(channel.delete).toHaveBeenCalledWith(target, signal);
    expect(channel.react).toHaveBeenCalledWith(target, '👍', signal);
  });

  it('sends everything else', async () => {
    const channel = handler();
    const text = message({ type: 'text', body, buttons: [] });
    expect(await perform(channel, text, signal)).toEqual(receipt('send'));
    expect(channel.send).toHaveBeenCalledWith(text, signal);
  });

  it.each<[Part, string]>([
    [{ type: 'edit', messageId, body }, 'abilities.edit'],
    [{ type: 'delete', messageId }, 'abilities.delete'],
    [{ type: 'reaction', messageId, emoji: '' }, 'abilities.react'],
  ])('says which ability is missing for %p', async (part, capability) => {
    const sendOnly: ChannelHandler = { capabilities, send: async () => receipt('send') };
    await expect(perform(sendOnly, message(part), signal)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      capability,
    });
  });

  it('keeps the handler as `this`', async () => {
    class Handler {
      readonly capabilities = capabilities;
      private readonly ids = receipt('own');
      async send() {
        return this.ids;
      }
      async delete() {
        return this.ids;
      }
    }
    expect(await perform(new Handler(), message({ type: 'delete', messageId }), signal)).toEqual(
      receipt('own'),
    );
  });
});
