import { PayloadError, type Received, type WebhookRequest } from '@omni-hub/channel-sdk';
import express from 'express';
import { once } from 'node:events';
import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Intake } from '../flow/intake';
import type { Problem } from '../flow/problem';
import type { Instances } from '../instances/instances';
import { sampleInstance } from '../testing/samples';
import { WebhooksEndpoint } from './webhooks.endpoint';

describe('a webhook', () => {
  let server: Server;
  let received: WebhookRequest[];
  let kept: string[];
  let receive: (request: WebhookRequest) => Received;
  let scrub: ((body: Buffer) => Buffer) | undefined;

  beforeAll(async () => {
    const instances = {
      findByName: async (name: string) =>
        name === 'support-bot'
          ? sampleInstance({ handler: { receive: (seen) => (received.push(seen), receive(seen)), scrub } })
          : undefined,
    } as unknown as Instances;
    const keep = (raw: Buffer) => Promise.resolve(void kept.push(raw.toString()));
    const intake: Intake = {
      accept: (_instance, _received, raw) => keep(raw),
      reject: (_instance, _detail, raw) => keep(raw),
    };
    const endpoint = new WebhooksEndpoint(instances, intake);
    const app = express();
    app.use('/webhooks', (asked, response) => {
      endpoint.answer(asked, response).catch((error: Problem) => response.status(error.status).end());
    });
    server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  beforeEach(() => {
    received = [];
    kept = [];
    receive = () => ({ events: [] });
    scrub = undefined;
  });
  afterAll(() => server.close());

  /** The address exactly as it is written: clients that know better would resolve `..` themselves. */
  async function post(path: string, body = '{}'): Promise<number> {
    const { port } = server.address() as AddressInfo;
    const asked = request({ port, host: '127.0.0.1', method: 'POST', path, agent: false }).end(body);
    const [response] = await once(asked, 'response');
    await text(response);
    return response.statusCode;
  }

  it.each([
    ['/webhooks/sample/support-bot', ''],
    ['/webhooks/sample/support-bot/', ''],
    ['/webhooks/sample/support-bot/a-secret', 'a-secret'],
    ['/webhooks/sample/support-bot/a-secret/messages-upsert/', 'a-secret/messages-upsert'],
    ['/webhooks/sample/support-bot/%C3%A7%20d?x=1', 'ç d'],
  ])('%s tells its channel what follows the instance', async (path, rest) => {
    expect(await post(path)).toBe(200);
    expect(received.map((seen) => seen.path)).toEqual([rest]);
  });

  it.each([
    ['a broken escape', '/webhooks/sample/support-bot/%E0%A4%A'],
    ['an encoded slash', '/webhooks/sample/support-bot/a%2Fb'],
    ['an encoded backslash', '/webhooks/sample/support-bot/a%5Cb'],
    ['a way up', '/webhooks/sample/support-bot/a/../b'],
    ['an encoded way up', '/webhooks/sample/support-bot/%2e%2E'],
    ['another channel', '/webhooks/other/support-bot/a'],
    ['no such instance', '/webhooks/sample/nobody/a'],
  ])('with %s in its address is a 404, and no channel sees it', async (_name, path) => {
    expect(await post(path)).toBe(404);
    expect(received).toEqual([]);
  });

  describe('keeps of a body', () => {
    it('all of it', async () => {
      await post('/webhooks/sample/support-bot', '{"apikey":"s3cret"}');
      expect(kept).toEqual(['{"apikey":"s3cret"}']);
    });

    it.each<[string, () => Received]>([
      ['that was understood', () => ({ events: [] })],
      [
        'that was not',
        () => {
          throw new PayloadError('no event');
        },
      ],
    ])('%s only what its channel leaves of it, which itself reads all', async (_which, answer) => {
      receive = answer;
      scrub = (body) => Buffer.from(body.toString().replace('s3cret', '***'));
      await post('/webhooks/sample/support-bot', '{"apikey":"s3cret"}');
      expect(kept).toEqual(['{"apikey":"***"}']);
      expect(received[0].body.toString()).toContain('s3cret');
    });
  });
});
