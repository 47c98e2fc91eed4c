import { setTimeout as delay } from 'node:timers/promises';
import { Hub } from './harness/hub';
import { Load } from './harness/load';
import { ShownReplies } from './harness/shown';
import { telegramPost, telegramReplies } from './harness/telegram-traffic';
import { until } from './harness/until';
import { instanceName, World } from './harness/world';

describe('starting and stopping', () => {
  it('stops within ten seconds under load, and nothing is lost', async () => {
    const chats = Array.from({ length: 20 }, (_, index) => 3_000 + index);
    const world = await World.create({
      telegram: { autoChats: true },
      agent: { script: { kind: 'delay', minMs: 20, maxMs: 400 } },
    });
    const shown = new ShownReplies(telegramReplies(world.telegram));
    const webhook = `${world.hub.url}/webhooks/telegram/${instanceName}`;
    const load = new Load({ webhooks: () => [webhook], post: telegramPost, chats, everyMs: 500, seed: 1 });
    for (let stop = 0; stop < 3; stop++) {
      await delay(800);
      expect(await world.hub.stop()).toBeLessThan(10_000);
      await world.hub.start();
    }
    await load.stop();
    await until(
      'every message is answered',
      () => chats.every((chat) => shown.lines(chat).length === load.acknowledged.get(chat)!.length),
      { timeoutMs: 60_000 },
    );
    for (const chat of chats) {
      expect(shown.of(chat).flatMap(({ text }) => text.split('\n'))).toEqual(load.acknowledged.get(chat));
    }
    expect(load.unexpected).toEqual([]);
    expect(world.agent.violations()).toEqual([]);
    expect(await world.operator.deadLetters()).toEqual([]);
    await world.dispose();
  }, 120_000);

  describe('with an agent at work', () => {
    let world: World;

    beforeEach(async () => (world = await World.create()));
    afterEach(() => world.dispose());

    it('waits for an answer that comes in time, delivers it, and is not ready meanwhile', async () => {
      const ada = world.person({ name: 'Ada' });
      world.agent.answersNext({ kind: 'delay', minMs: 2_000, maxMs: 2_000 });
      ada.says('one moment');
      await until('the agent is asked', () => world.asked(ada).length === 1);
      const stopping = world.hub.stop();
      await until('new requests are refused', async () => {
        const answer = await world.hub.api.get('/ready').catch(() => null);
        return answer === null || answer.status === 503;
      });
      expect(await stopping).toBeLessThan(10_000);
      await world.hub.start();
      await world.reply(ada, 'one moment');
      expect(world.asked(ada)).toHaveLength(1);
    });

    it('hands back a turn whose agent takes too long: it is asked again with the same key, and answered once', async () => {
      const ada = world.person({ name: 'Ada' });
      world.agent.answersNext({ kind: 'hang' });
      ada.says('for ever');
      await until('the agent is asked', () => world.asked(ada).length === 1);
      expect(await world.hub.stop()).toBeLessThan(10_000);
      await world.hub.start();
      await world.reply(ada, 'for ever');
      const asked = world.asked(ada);
      expect(asked).toHaveLength(2);
      expect(asked[1].turnId).toBe(asked[0].turnId);
      expect(world.telegram.transcript(ada)).toEqual(['Ada: for ever', 'support_bot: for ever']);
    });
  });

  it('is ready soon after its start', async () => {
    const startedAt = Date.now();
    const hub = await Hub.start();
    expect(Date.now() - startedAt).toBeLessThan(10_000);
    expect((await hub.api.get('/health')).data).toEqual({ status: 'ok' });
    await hub.dispose();
  });

  it('keeps its data over a restart', async () => {
    const world = await World.create();
    const before = await world.operator.get(`/api/v1/instances/${instanceName}`);
    await world.hub.stop();
    await world.hub.start();
    expect(await world.operator.get(`/api/v1/instances/${instanceName}`)).toEqual(before);
    await world.dispose();
  });

  it('prints the admin key once, on the first start, where none is configured', async () => {
    const hub = await Hub.start({ environment: { OMNI_ADMIN_API_KEY: '' } });
    const [key] = /omni_[\w-]{20,}/.exec(hub.output) ?? [];
    const answer = await hub.api.get('/api/v1/instances', { headers: { 'x-api-key': key } });
    expect(answer.status).toBe(200);
    await hub.stop();
    hub.output = '';
    await hub.start();
    expect(hub.output).not.toMatch(/omni_[\w-]{20,}/);
    await hub.dispose();
  });

  describe('refuses to start, in words that say what to do', () => {
    const refused = async (environment: Record<string, string>): Promise<string> => {
      const message = await Hub.start({ environment }).then(
        async (hub) => {
          await hub.dispose();
          return 'it started';
        },
        (error: Error) => error.message,
      );
      return message;
    };

    it('on a database that another hub has open', async () => {
      const hub = await Hub.start();
      const second = await refused({ OMNI_DATA_DIR: hub.dataDir });
      expect(second).toContain('omni-hub cannot start');
      expect(second).toMatch(/another|in use|already/i);
      expect(second).not.toContain('    at ');
      expect((await hub.api.get('/ready')).status).toBe(200);
      await hub.dispose();
    });

    it('with a wrong setting, naming it', async () => {
      const message = await refused({ OMNI_LOG_LEVEL: 'loud', OMNI_PORTT: '1' });
      expect(message).toContain('OMNI_LOG_LEVEL');
      expect(message).toContain('OMNI_PORTT');
      expect(message).not.toContain('    at ');
    });

    it('with a database that is not there', async () => {
      const message = await refused({ OMNI_DATABASE_URL: 'postgres://nobody:pass-word@127.0.0.1:9/none' });
      expect(message).toContain('omni-hub cannot start');
      expect(message).not.toContain('pass-word');
    });
  });
});
