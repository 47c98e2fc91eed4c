import type { ChatId, ContactId, InboundEvent } from '@omni-hub/contracts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store } from '../storage/open-store';
import { sampleInstance, sampleMessage } from '../testing/samples';
import { Aliases } from './aliases';

const instance = sampleInstance({ capabilities: { aliases: true } });
const [phone, hidden] = ['sample:phone', 'sample:hidden'] as (ChatId & ContactId)[];

describe('the ids under which events are filed', () => {
  let folder: string;
  let store: Store;
  let aliases: Aliases;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'aliases-'));
    store = await openStore(`sqlite:${join(folder, 'hub.db')}`);
    aliases = new Aliases(store);
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  const said = (id: ChatId & ContactId, others: (ChatId & ContactId)[], address?: ChatId) => {
    const { sender } = sampleMessage();
    return sampleMessage(
      {},
      {
        chat: { id, kind: 'direct', title: null, aliases: others, ...(address && { address }) },
        sender: { ...sender, id, aliases: others },
      },
    );
  };
  const filed = async (event: InboundEvent) => (await aliases.apply(instance, [event]))[0];

  it('are one for a person who is called by another id each time', async () => {
    await filed(said(phone, [hidden]));
    for (const event of [said(hidden, []), said(phone, []), said(hidden, [phone])])
      expect(await filed(event)).toMatchObject({ chat: { id: phone }, sender: { id: phone } });
  });

  it('stay those of the chat that is there already, and answers go to the id seen last', async () => {
    const chat = { id: 'c1', externalId: hidden, seenAddress: null, kind: 'direct', title: null };
    await store.hot.enqueue({ chat, message: outboundTo() });
    expect(await filed(said(phone, [hidden]))).toMatchObject({
      chat: { id: hidden, address: phone },
      sender: { id: hidden },
    });
  });

  it('keep the address that the platform told', async () => {
    expect(await filed(said(phone, [hidden], hidden))).toMatchObject({
      chat: { id: phone, address: hidden },
    });
  });

  it('are asked of the database once for each set', async () => {
    await filed(said(phone, [hidden]));
    const asked = jest.spyOn(store.aliases, 'file');
    await filed(said(phone, [hidden]));
    await filed(said(hidden, []));
    expect(asked).not.toHaveBeenCalled();
  });

  it('are what the platform says where a channel has one id for each', async () => {
    const event = said(phone, [hidden]);
    expect(await aliases.apply(sampleInstance(), [event])).toEqual([event]);
  });

  function outboundTo() {
    const message = { id: 'm1', instanceId: instance.id, turnId: null, eventId: 'send:1', type: 'text' };
    return { ...message, at: 0, content: '{}', deliveries: [] };
  }
});
