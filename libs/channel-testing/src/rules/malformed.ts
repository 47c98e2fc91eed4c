import { PayloadError, type Received } from '@omni-hub/channel-sdk';
import { listItems, malformedBodies, mutations, type ListItem } from '../checks/fuzz';
import { eachFixture, readerFor, waysIn, type Reader } from '../checks/reading';
import { receivedProblems } from '../checks/received';
import type { Context } from '../context';
import { show } from '../fixtures/compare';
import type { InboundFixture, Named } from '../fixtures/fixtures';
import { fill } from '../fixtures/placeholders';
import { Findings } from './rule';

/**
 * IN-5: malformed bodies, and fixtures with any one field dropped, nulled or retyped, give events, `ignored` or
 * PayloadError, never another error and never an event that the hub cannot use; one bad item of a batch does not cost the
 * others.
 */
export async function checkMalformedBodies(context: Context): Promise<void> {
  const findings = new Findings('IN-5');
  const [first] = context.inbound;
  if (first) await findings.attempt('malformed bodies', () => malformedProblems(context, first));
  await eachFixture(findings, context, (reader, named) => {
    const request = fill(named.fixture.request, reader.config);
    const read = (body: string) => eventIds(readerFor(context, named), body);
    const mutated = [...mutations(request)].flatMap(({ what, value }) =>
      readingProblems(reader, what, json(value)),
    );
    return [
      ...problemsOf('nothing is changed', () => reader.read()),
      ...mutated,
      ...[...listItems(request)].flatMap((item) => batchProblems(read, json(request), item)),
    ];
  });
  findings.conclude();
}

/** A listener parses before it reads, so only what is JSON can reach it. */
function malformedProblems(context: Context, named: Named<InboundFixture>): string[] {
  const reader = readerFor(context, named);
  const parsed = waysIn(context, named.fixture) === 'listen';
  return Object.entries(malformedBodies)
    .filter(([, body]) => !parsed || isJson(body))
    .flatMap(([what, body]) => readingProblems(reader, `the body is ${what}`, body));
}

function readingProblems(reader: Reader, what: string, body: string | Buffer): string[] {
  return problemsOf(what, () => reader.readBody(body));
}

function problemsOf(what: string, read: () => Received): string[] {
  try {
    return receivedProblems(read()).map((problem) => `when ${what}: ${problem}`);
  } catch (error) {
    return error instanceof PayloadError
      ? []
      : [`when ${what}: threw ${show(error)} instead of PayloadError`];
  }
}

/** Where leaving an item out costs its own events alone, putting nonsense in its place must not cost more. */
function batchProblems(read: (body: string) => string[], whole: string, item: ListItem): string[] {
  const others = read(json(item.dropped));
  if (others.length === 0 || others.length >= read(whole).length) return [];
  const costly = item.replaced.some((body) => {
    const kept = new Set(read(json(body)));
    return !others.every((id) => kept.has(id));
  });
  return costly ? [`when ${item.place} is no item of its batch: the other items are lost`] : [];
}

/** The ids of the events in a body; none where it is refused. */
function eventIds(reader: Reader, body: string): string[] {
  try {
    return reader.readBody(body).events.map(({ eventId }) => eventId);
  } catch {
    return [];
  }
}

function json(value: unknown): string {
  return JSON.stringify(value) ?? '';
}

function isJson(body: string | Buffer): boolean {
  try {
    JSON.parse(body.toString());
    return true;
  } catch {
    return false;
  }
}
