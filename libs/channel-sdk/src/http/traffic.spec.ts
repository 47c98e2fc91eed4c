import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpClient, type HttpClient } from './http-client';
import { trafficWatcher, watchTraffic, type Exchanged } from './traffic';

let server: Server;
let http: HttpClient;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume().on('end', () => {
      if (request.url === '/broken') return void response.destroy();
      response.setHeader('x-limit', '7').end(request.url === '/text' ? 'plain' : '{"ok":true}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  http = createHttpClient({ baseURL: url });
});
afterAll(async () => {
  await http.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function watched(run: () => Promise<unknown>): Promise<Exchanged[]> {
  const seen: Exchanged[] = [];
  await watchTraffic((one) => void seen.push(one), run).catch(() => undefined);
  return seen;
}

describe('watched traffic', () => {
  it('is told with its answer, on the plain way and on axios’', async () => {
    const plain = await watched(() => http.post('/a', { text: 'hi' }));
    const axiosWay = await watched(() => http.get('/a', { params: { q: 1 } }));
    expect(plain).toMatchObject([
      {
        method: 'POST',
        url: `${url}/a`,
        requestBody: '{"text":"hi"}',
        answer: { status: 200, body: { ok: true } },
      },
    ]);
    expect(plain[0].answer?.headers).toMatchObject({ 'x-limit': '7' });
    expect(axiosWay).toMatchObject([{ method: 'GET', url: `${url}/a?q=1`, requestBody: null }]);
  });

  it('is told without forms, bytes and streams', async () => {
    const form = new FormData();
    form.append('a', '1');
    expect(await watched(() => http.post('/a', form))).toMatchObject([{ requestBody: undefined }]);
    const read = await watched(async () => {
      const { data } = await http.get('/a', { responseType: 'arraybuffer' });
      expect(data.toString()).toBe('{"ok":true}');
    });
    expect(read).toMatchObject([{ answer: { status: 200, body: undefined } }]);
  });

  it('is told where no answer came, and fails as ever', async () => {
    const seen = await watched(async () => {
      await expect(http.get('/broken')).rejects.toMatchObject({ requestSent: true });
    });
    expect(seen).toMatchObject([{ url: `${url}/broken`, answer: null }]);
  });

  it('is what happens on behalf of the run alone', async () => {
    const seen = await watched(async () => {
      await http.get('/text');
      expect(trafficWatcher()).toBeDefined();
    });
    await http.get('/a');
    expect(trafficWatcher()).toBeUndefined();
    expect(seen).toMatchObject([{ answer: { body: 'plain' } }]);
  });
});
