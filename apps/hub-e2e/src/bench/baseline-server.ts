import express from 'express';
import type { AddressInfo } from 'node:net';
import { webhookPath, webhookSecret } from './webhooks';

/**
 * What the hub's figures are divided by: the least that an Express program can do with a webhook. It parses, checks the
 * secret and answers; nothing is stored. Runs as a process of its own and tells its port to the one that forked it.
 */
const app = express();
app.disable('x-powered-by');
app.set('etag', false);
app.use(express.json());
app.post(webhookPath, (request, response) => {
  const verified = request.headers['x-telegram-bot-api-secret-token'] === webhookSecret;
  const parsed = typeof request.body?.update_id === 'number';
  response.status(verified && parsed ? 200 : 401).end();
});

const server = app.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit(0));
