import { malformedBodies, mutations } from '../checks/fuzz';
import { readerFor, webhookFixtures } from '../checks/reading';
import { secretsIn } from '../checks/secrets';
import { createHandler, unsignedRequest, type Context } from '../context';
import { differences, show, throughJson } from '../fixtures/compare';
import type { InboundFixture, Named } from '../fixtures/fixtures';
import { fill } from '../fixtures/placeholders';
import type { Findings } from './rule';

type Scrub = (body: Buffer) => Buffer;

/** A part of OUT-3: `scrub` takes the secrets out of any body, fails at none, and leaves what makes its events. */
export async function checkScrubbing(context: Context, findings: Findings): Promise<void> {
  if (!context.handler.scrub) return;
  const scrub: Scrub = (body) => context.handler.scrub!(body);
  await findings.attempt('scrub', () =>
    Object.entries(malformedBodies).flatMap(([what, body]) =>
      failureProblems(scrub, `the body is ${what}`, body),
    ),
  );
  for (const named of webhookFixtures(context)) {
    await findings.attempt(`${named.file} scrubbed`, () => scrubProblems(context, named));
  }
}

function scrubProblems(context: Context, named: Named<InboundFixture>): string[] {
  const reader = readerFor(context, named);
  const handler = createHandler(context, reader.config);
  const scrub: Scrub = (body) => handler.scrub!(body);
  const failures = [...mutations(fill(named.fixture.request, reader.config))].flatMap(({ what, value }) =>
    failureProblems(scrub, what, JSON.stringify(value)),
  );
  if (failures.length > 0) return failures;
  const scrubbed = scrub(unsignedRequest(named.fixture, reader.config).body);
  const left = secretsIn(scrubbed.toString(), context.options.secrets);
  return [
    ...left.map((secret) => `still holds the secret that begins with "${secret.slice(0, 3)}"`),
    ...differences(
      throughJson(reader.read().events),
      throughJson(readerFor(context, named).readBody(scrubbed).events),
      'events of the scrubbed body',
    ),
  ];
}

function failureProblems(scrub: Scrub, what: string, body: string | Buffer): string[] {
  try {
    const scrubbed: unknown = scrub(Buffer.from(body as string));
    return Buffer.isBuffer(scrubbed) ? [] : [`when ${what}: scrub returned ${show(scrubbed)}, not a Buffer`];
  } catch (error) {
    return [`when ${what}: scrub threw ${show(error)}`];
  }
}
