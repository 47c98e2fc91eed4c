import type { Account, Received } from '@omni-hub/channel-sdk';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exercise } from '../checks/exercise';
import { readerFor } from '../checks/reading';
import { loadContext, type Context } from '../context';
import { isRecord, throughJson } from '../fixtures/compare';
import type { InboundFixture, OutboundFixture } from '../fixtures/fixtures';
import { loadFixtures } from '../fixtures/load';
import type { ConformanceOptions } from '../options';
import type { RuleId, RuleViolation } from '../rules/rule';
import { checkRule, rules } from '../rules/rules';
import { withAccount } from './account';
import { shapeOf } from './shapes';

/** What came of one recorded file. */
export interface Imported {
  /** The recording, relative to its folder. */
  from: string;
  /** Where it stands now; null where it was refused. */
  to: string | null;
  /** Why it was refused, or what a person has to look at. */
  notes: string[];
}

type Recorded = Record<string, unknown> & { account?: Account | null };

/** The rules by which one fixture alone can be judged. */
const judging: RuleId[] = ['IN-1', 'IN-2', 'IN-3', 'IN-5', 'IN-9', 'OUT-1', 'META-1'];

/**
 * Makes cases of the recordings in `folder` (`inbound/`, `outbound/`), in the fixtures' folder of the options. The channel's own
 * reading says what they become. What the kit would refuse, and what shows nothing new, is left out with its reason.
 */
export async function importRecordings(folder: string, options: ConformanceOptions): Promise<Imported[]> {
  const context = loadContext(options);
  const known = new Set(
    [...context.inbound, ...context.outbound].map(
      ({ file, fixture }) => `${kindOf(file)} ${shapeOf(fixture)}`,
    ),
  );
  const imported: Imported[] = [];
  for (const from of recordingsIn(folder)) {
    const cases = await casesIn(context, folder, from);
    for (const one of cases) imported.push(await importOne(context, from, one, known));
  }
  return imported;
}

async function importOne(context: Context, from: string, one: Case, known: Set<string>): Promise<Imported> {
  const refused = (reason: string): Imported => ({ from, to: null, notes: [reason] });
  if ('problem' in one) return refused(one.problem);
  const shape = `${kindOf(from)} ${shapeOf(one.fixture)}`;
  if (known.has(shape)) return refused('shows nothing that another fixture does not show');
  const problem = await problemOf(context, from, one.fixture);
  if (problem) return refused(problem);
  known.add(shape);
  const to = freeName(context.options.fixtures, from);
  const path = join(context.options.fixtures, to);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `${JSON.stringify(one.fixture, null, 2)}\n`, { flag: 'wx' });
  return { from, to, notes: notesOn(one.fixture) };
}

type Case = { fixture: InboundFixture | OutboundFixture } | { problem: string };

async function casesIn(context: Context, folder: string, from: string): Promise<Case[]> {
  const { account = null, ...recorded } = readRecording(join(folder, from));
  if (!isRecord(recorded.expect) && !Array.isArray(recorded.calls)) return [{ problem: 'is no recording' }];
  const fixture = withAccount<Record<string, unknown>>(recorded, account, context.options.account);
  if (kindOf(from) === 'outbound') return [await useCase(context, fixture as unknown as OutboundFixture)];
  return bodiesOf(fixture).map((request) =>
    readCase(context, { ...fixture, request } as unknown as InboundFixture),
  );
}

function readRecording(path: string): Recorded {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

/** What a probe finds is told in the channel's own words, so the channel is asked for it. */
async function useCase(context: Context, fixture: OutboundFixture): Promise<Case> {
  if (fixture.ability !== 'probe' || fixture.error) return { fixture };
  const { outcome } = await exercise(context, fixture);
  return {
    fixture: outcome.ended === 'returned' ? { ...fixture, result: throughJson(outcome.value) } : fixture,
  };
}

/** A listener's batch is several bodies: a list, or an object with one. */
function bodiesOf({ via, request }: Record<string, unknown>): unknown[] {
  if (via !== 'listen') return [request];
  if (Array.isArray(request)) return request;
  const lists = isRecord(request) ? Object.values(request).filter((value) => Array.isArray(value)) : [];
  return lists.length === 1 && isRecord(request) && 'ok' in request ? (lists[0] as unknown[]) : [request];
}

function readCase(context: Context, fixture: InboundFixture): Case {
  try {
    const received = readerFor(context, { file: '', fixture }).read();
    const { own: _own, expect: _expect, ...rest } = fixture;
    const events = throughJson(received.events) as InboundFixture['expect']['events'];
    const ignored = throughJson(received.ignored ?? []) as InboundFixture['expect']['ignored'];
    return { fixture: { ...rest, ...(isOwn(received) && { own: true }), expect: { events, ignored } } };
  } catch (error) {
    return { problem: `cannot be read by the channel: ${(error as Error).message}` };
  }
}

function isOwn({ events }: Received): boolean {
  return events.some((event) => event.type === 'message' && event.message.fromMe);
}

/** What the kit has against a fixture that stands alone. */
async function problemOf(
  context: Context,
  file: string,
  fixture: InboundFixture | OutboundFixture,
): Promise<string | null> {
  const isInbound = kindOf(file) === 'inbound';
  const { inbound, outbound } = context;
  const alone: Context = {
    ...context,
    inbound: isInbound ? [{ file, fixture: fixture as InboundFixture }] : inbound.slice(0, 1),
    outbound: isInbound ? outbound.slice(0, 1) : [{ file, fixture: fixture as OutboundFixture }],
    fileProblems: [],
  };
  for (const rule of rules.filter(({ id }) => judging.includes(id))) {
    const violation = await checkRule(rule, alone).then(
      () => null,
      (error: RuleViolation) => error.message,
    );
    if (violation?.includes(file)) return violation;
  }
  return null;
}

/** What no program can judge. */
function notesOn(fixture: InboundFixture | OutboundFixture): string[] {
  const about = ['read it whole: no name, number, text or secret of a real person may be left'];
  if ('expect' in fixture) {
    const { events, ignored = [] } = fixture.expect;
    if (events.length > 0) about.push(`is each of its ${events.length} events what happened?`);
    if (ignored.length > 0) about.push(`should it be ignored? ${ignored[0].reason}`);
    if (events.length + ignored.length === 0)
      about.push('it becomes nothing at all: should it be told as ignored?');
  } else if (fixture.error) about.push(`is ${fixture.error.code} what the platform meant?`);
  return about;
}

function recordingsIn(folder: string): string[] {
  return ['inbound', 'outbound'].flatMap((kind) =>
    existsSync(join(folder, kind))
      ? readdirSync(join(folder, kind))
          .filter((file) => file.endsWith('.json'))
          .sort()
          .map((file) => `${kind}/${file}`)
      : [],
  );
}

function kindOf(file: string): string {
  return file.split('/')[0];
}

/** `inbound/0007-message.json` becomes `inbound/recorded-message.json`, or the first number after it that is free. */
function freeName(fixtures: string, from: string): string {
  const taken = new Set(
    [...loadFixtures(fixtures).inbound, ...loadFixtures(fixtures).outbound].map(({ file }) => file),
  );
  const base = from.replace(/\/\d+-/, '/recorded-').replace(/\.json$/, '');
  for (let number = 1; ; number++) {
    const name = `${base}${number === 1 ? '' : `-${number}`}.json`;
    if (!taken.has(name)) return name;
  }
}
