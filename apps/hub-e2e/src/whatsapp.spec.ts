import { RailWorld } from './harness/rail-world';
import { CloudRail, EvolutionRail, type Rail } from './harness/rails';
import { reasonsOf, stoppedBy } from './harness/trace';
import { until } from './harness/until';

describe.each<[string, () => Promise<Rail>]>([
  ['the Cloud API', () => CloudRail.start()],
  ['an Evolution server', () => EvolutionRail.start()],
])('a conversation on WhatsApp by %s', (_name, start) => {
  let world: RailWorld<Rail>;

  beforeAll(async () => (world = await RailWorld.create(await start())));
  afterAll(() => world.dispose());

  it('is answered, and the trace says what every stage did and what the platform told', async () => {
    const ada = world.rail.person('Ada');
    const hello = ada.says('hello');
    await ada.reply('hello');
    expect(world.lastAsked(ada.chatId)).toMatchObject({
      instance: 'support',
      channel: 'whatsapp',
      sessionId: `support/${ada.chatId}`,
      chat: { id: ada.chatId, kind: 'direct' },
      sender: { id: ada.chatId, name: 'Ada' },
      messages: [{ type: 'text', text: 'hello' }],
    });
    const trace = await world.traceOf(hello);
    expect([trace.outcome, stoppedBy(trace)]).toEqual(['answered', null]);
    await until('the platform has told that it was delivered', async () =>
      reasonsOf(await world.traceOf(hello), 'outbox').includes('delivered'),
    );
  });
});
