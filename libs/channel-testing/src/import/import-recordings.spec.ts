import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import replyFixture from '../../fixtures/outbound/send-reply.json';
import textFixture from '../../fixtures/inbound/text.json';
import { conformanceOptionsOf, describeChannelConformance } from '../describe';
import { sampleOptions } from '../sample/sample-options';
import { importRecordings } from './import-recordings';

let recorded: string;
let fixtures: string;
beforeEach(() => {
  recorded = mkdtempSync(join(tmpdir(), 'recorded-'));
  fixtures = mkdtempSync(join(tmpdir(), 'fixtures-'));
});
afterEach(() => [recorded, fixtures].forEach((folder) => rmSync(folder, { recursive: true })));

const source = 'Recorded by omni-hub, redacted';
const expect_ = { events: [] };

function record(file: string, content: object | string): void {
  mkdirSync(join(recorded, file, '..'), { recursive: true });
  writeFileSync(join(recorded, file), typeof content === 'string' ? content : JSON.stringify(content));
}

const run = () => importRecordings(recorded, { ...sampleOptions, fixtures });
const written = (file: string) => JSON.parse(readFileSync(join(fixtures, file), 'utf8'));
const outbound = { ...replyFixture, source };

describe('importing recordings', () => {
  it('asks the channel what a request becomes', async () => {
    record('inbound/0003-message.json', { source, request: textFixture.request, expect: expect_ });
    expect(await run()).toMatchObject(
      [
        {
          from: 'inbound/0003-message.json',
          to: 'inbound/recorded-message.json',
          notes: [/read it whole/, /1 events/],
        },
      ].map(({ notes, ...rest }) => ({ ...rest, notes: notes.map((note) => expect.stringMatching(note)) })),
    );
    expect(written('inbound/recorded-message.json')).toEqual({
      source,
      request: textFixture.request,
      expect: { events: textFixture.expect.events, ignored: [] },
    });
  });

  it('makes of a listener’s batch one case each, and of the same shape only one', async () => {
    const [one, two] = [textFixture.request, { ...textFixture.request, id: 'e-2', text: 'ho' }];
    record('inbound/0001-message.json', {
      source,
      via: 'listen',
      request: [one, two, { ...one, id: 'e-3', kind: 'odd' }],
      expect: expect_,
    });
    const imported = await run();
    expect(imported.map(({ to }) => to)).toEqual([
      'inbound/recorded-message.json',
      null,
      'inbound/recorded-message-2.json',
    ]);
    expect(imported[1].notes).toEqual(['shows nothing that another fixture does not show']);
    expect(imported[2].notes[1]).toMatch(/^should it be ignored\? /);
  });

  it('marks what the account itself wrote, by the account of the library', async () => {
    const account = { id: '98765', name: 'Recorded', username: null };
    record('inbound/0001-message.json', {
      source,
      account,
      request: { ...textFixture.request, from: '98765' },
      expect: expect_,
    });
    await run();
    expect(written('inbound/recorded-message.json')).toMatchObject({
      own: true,
      request: { from: sampleOptions.account?.id },
    });
  });

  it('takes a send that the channel makes again in the same way', async () => {
    record('outbound/0001-send.json', outbound);
    expect(await run()).toMatchObject([{ to: 'outbound/recorded-send.json' }]);
    expect(written('outbound/recorded-send.json')).toEqual(outbound);
    expect(await run()).toMatchObject([{ to: null }]);
  });

  it('refuses what the channel would not do again, with the reason', async () => {
    record('outbound/0001-send.json', { ...outbound, receipt: { platformIds: ['sample:4242:9'] } });
    const [{ to, notes }] = await run();
    expect(to).toBeNull();
    expect(notes[0]).toContain('OUT-1: outbound/0001-send.json: receipt.platformIds');
  });

  it.each([
    ['half a file', '{"source":'],
    ['no recording', '{}'],
    ['a list', '[]'],
  ])('refuses %s', async (_, content) => {
    record('inbound/0001-message.json', content);
    expect(await run()).toMatchObject([{ to: null, notes: ['is no recording'] }]);
  });

  it('refuses what the channel cannot read', async () => {
    record('inbound/0001-message.json', { source, request: { text: '{{ghost}}' }, expect: expect_ });
    expect(await run()).toMatchObject([
      { to: null, notes: [expect.stringContaining('{{ghost}} names no field')] },
    ]);
  });
});

describe('what specs tell the kit', () => {
  it('is collected without anything being described', () => {
    expect(conformanceOptionsOf(() => describeChannelConformance(sampleOptions))).toEqual([sampleOptions]);
  });
});
