import { secretFields } from '@omni-hub/channel-sdk';
import { exercise, type Exercised } from '../checks/exercise';
import { exerciseFault, faultsFor, firstOfEachAbility, simpleSend } from '../checks/faults';
import { malformedBodies } from '../checks/fuzz';
import { readerFor, receiveWith, webhookFixtures } from '../checks/reading';
import { secretsIn } from '../checks/secrets';
import { configFor, createHandler, nowhere, unsignedRequest, type Context } from '../context';
import type { PlatformAnswer } from '../fixtures/fixtures';
import { Findings } from './rule';
import { checkScrubbing } from './scrubbing';

/**
 * OUT-3: no secret in an error, however deep, nor in what is returned or logged: at every fault, at every ability, where
 * the platform repeats the secrets in its own words, and at refused webhooks; nor in what is kept of a webhook's body.
 */
export async function checkSecrecy(context: Context): Promise<void> {
  const findings = new Findings('OUT-3');
  await findings.attempt('options.secrets', () => undeclaredSecrets(context));
  const { file, fixture } = simpleSend(context, findings);
  for (const fault of faultsFor(context)) {
    await findings.attempt(`${file} with ${fault.what}`, async () =>
      exercisedLeaks(context, await exerciseFault(context, fixture, fault)),
    );
  }
  for (const named of firstOfEachAbility(context)) {
    for (const answer of echoes(context)) {
      await findings.attempt(`${named.file} with a ${answer.status} that repeats the secrets`, async () =>
        exercisedLeaks(
          context,
          await exercise(context, named.fixture, { script: () => ({ otherwise: answer }) }),
        ),
      );
    }
  }
  await findings.attempt('refused webhooks', () => webhookLeaks(context));
  await checkScrubbing(context, findings);
  findings.conclude();
}

/** Secrets that the config class marks and the options do not list, and the other way round. */
function undeclaredSecrets({ options }: Context): string[] {
  const config = options.config(nowhere);
  const marked = secretFields(options.channel.configClass);
  const unlisted = marked.filter(
    (field) => field in config && !options.secrets.includes(String(config[field])),
  );
  const unmarked = Object.keys(config).filter(
    (field) => options.secrets.includes(String(config[field])) && !marked.includes(field),
  );
  return [
    ...unlisted.map((field) => `the value of "${field}" is missing: the config class marks it @Secret()`),
    ...unmarked.map((field) => `"${field}" is listed, but the config class does not mark it @Secret()`),
    ...options.secrets
      .filter((secret) => secret.length < 6)
      .map(() => 'a secret shorter than 6 characters proves nothing'),
  ];
}

/** What a proxy or a talkative platform makes of a request: an error page that tells it back. */
function echoes({ options: { secrets } }: Context): PlatformAnswer[] {
  const told = secrets.join(' and ');
  return [
    { status: 400, body: { ok: false, error: { message: told, code: 1 }, description: told, message: told } },
    { status: 502, body: `<html>could not fetch /${told}</html>` },
  ];
}

function exercisedLeaks({ options }: Context, { outcome, logs }: Exercised): string[] {
  return [
    ...(outcome.ended === 'threw' ? leaks('the error holds', outcome.error, options.secrets) : []),
    ...leaks('the log holds', logs, options.secrets),
  ];
}

function webhookLeaks(context: Context): string[] {
  return webhookFixtures(context).flatMap((named) => {
    const reader = readerFor(context, named);
    const handler = createHandler(context, reader.config);
    const unsigned = unsignedRequest(named.fixture, configFor(context, nowhere, named.fixture.config));
    const errors = [
      thrownBy(() => receiveWith(handler, unsigned)),
      ...Object.values(malformedBodies).map((body) => thrownBy(() => reader.readBody(body))),
    ];
    return leaks(`${named.file}: the error holds`, errors, context.options.secrets);
  });
}

function leaks(where: string, value: unknown, secrets: readonly string[]): string[] {
  return secretsIn(value, secrets).map(
    (secret) => `${where} the secret that begins with "${secret.slice(0, 3)}"`,
  );
}

function thrownBy(run: () => unknown): unknown {
  try {
    run();
    return null;
  } catch (error) {
    return error;
  }
}
