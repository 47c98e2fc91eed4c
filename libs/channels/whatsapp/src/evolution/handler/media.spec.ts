import { RejectedError, SendError } from '@omni-hub/channel-sdk';
import { startFakePlatform, type FakePlatform } from '@omni-hub/channel-testing';
import { createCipheriv, createHash, createHmac } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { EvolutionClient } from '../client/evolution.client';
import { Media } from './media';
import { mediaKeys } from './media-cipher';
import { decodeMediaRef, encodeMediaRef, type MediaRef } from './media-ref';

const { signal } = new AbortController();
const file = Buffer.alloc(300_000, 'a film ');
const mediaKey = Buffer.alloc(32, 9).toString('base64');
const ref: MediaRef = {
  id: '3A55',
  kind: 'video',
  mimeType: 'video/mp4',
  filename: null,
  size: file.length,
  mediaKey,
  fileSha256: createHash('sha256').update(file).digest('base64'),
  fileEncSha256: null,
  directPath: '/v/1.enc?a=b',
};

let platform: FakePlatform;
afterEach(() => platform.close());

async function mediaOf(fromEvolution: Buffer, fromWhatsApp = encrypted()) {
  platform = await startFakePlatform();
  const calls = [
    {
      expect: { path: '/chat/getBase64FromMediaMessage/loja' },
      answer: { status: 201, body: { base64: fromEvolution.toString('base64') } },
    },
    {
      expect: { method: 'GET', path: '/v/1.enc' },
      answer: { status: 200, base64: fromWhatsApp.toString('base64') },
    },
  ];
  platform.follow({ calls });
  const { url } = platform;
  const config = {
    apiUrl: url,
    mediaUrl: url,
    apiKey: 'a-key-of-evolution',
    webhookSecret: 'w'.repeat(16),
    instanceName: 'loja',
  };
  return new Media(new EvolutionClient(config));
}

function encrypted(): Buffer {
  const { iv, cipherKey, macKey } = mediaKeys(mediaKey, 'video');
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv);
  const bytes = Buffer.concat([cipher.update(file), cipher.final()]);
  return Buffer.concat([
    bytes,
    createHmac('sha256', macKey).update(iv).update(bytes).digest().subarray(0, 10),
  ]);
}

describe('a large file', () => {
  it('comes by the first way alone where it is right', async () => {
    const media = await mediaOf(file);
    const { stream, ...about } = await media.fetch(ref, signal);
    expect(await buffer(stream)).toEqual(file);
    expect(about).toEqual({ mimeType: 'video/mp4', size: file.length, filename: null });
    expect(platform.requests).toHaveLength(1);
  });

  it.each([
    ['has another length', file.subarray(1), /length/],
    ['is another file', Buffer.alloc(file.length, 'b'), /checksum/],
  ])(
    'that %s ends with a failure, and comes by the second way at the next attempt',
    async (_, wrong, reason) => {
      const media = await mediaOf(wrong);
      const { stream } = await media.fetch(ref, signal);
      const error = await buffer(stream).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(SendError);
      expect((error as SendError).code).toBe('REJECTED');
      expect((error as SendError).message).toMatch(reason);
      const again = await media.fetch(ref, signal);
      expect(await buffer(again.stream)).toEqual(file);
      expect(platform.problems()).toEqual([]);
    },
  );

  it('stops coming when nobody reads on', async () => {
    const media = await mediaOf(file);
    const { stream } = await media.fetch(ref, signal);
    const closed = new Promise((resolve) => stream.once('close', resolve));
    stream.destroy();
    await closed;
    expect(stream.destroyed).toBe(true);
  });
});

it('a small file that is wrong both ways opens and then fails, so that it is asked for again', async () => {
  const small = { ...ref, size: 3 };
  const media = await mediaOf(Buffer.alloc(0), Buffer.concat([encrypted(), Buffer.from('!')]));
  const { stream } = await media.fetch(small, signal);
  await expect(buffer(stream)).rejects.toMatchObject({
    code: 'REJECTED',
    message: expect.stringContaining('MAC'),
  });
  expect(platform.requests).toHaveLength(2);
});

describe('a reference to a file', () => {
  beforeEach(async () => void (platform = await startFakePlatform()));

  it('comes back as what it was made of', () => {
    expect(decodeMediaRef(encodeMediaRef(ref))).toEqual(ref);
  });

  it.each(['', 'null', '7', '{}', '{"id":"1"}', '{"id":"1","kind":"toString"}'])(
    'is none where it is %s',
    (text) => {
      expect(() => decodeMediaRef(text)).toThrow(RejectedError);
    },
  );
});
