import { RateLimitedError, type SendError } from '@omni-hub/channel-sdk';
import { abortLimitMs, exercise, type Exercised } from '../checks/exercise';
import {
  exerciseFault,
  faultsFor,
  firstOfEachAbility,
  sendErrorProblems,
  simpleSend,
  type Fault,
} from '../checks/faults';
import type { Context } from '../context';
import { differences, partialDifferences, show, throughJson } from '../fixtures/compare';
import type { OutboundFixture } from '../fixtures/fixtures';
import { fill } from '../fixtures/placeholders';
import { Findings } from './rule';

/** OUT-1: every outbound fixture makes exactly its requests and has exactly its end; no scripted answer is left over. */
export async function checkExpectedRequests(context: Context): Promise<void> {
  const findings = new Findings('OUT-1');
  for (const { file, fixture } of context.outbound) {
    await findings.attempt(file, async () => {
      const exercised = await exercise(context, fixture);
      return [...exercised.platform.problems(), ...endProblems(fixture, exercised)];
    });
  }
  findings.conclude();
}

/** OUT-2: every way in which a platform fails maps to the right error. */
export async function checkFailures(context: Context): Promise<void> {
  const findings = new Findings('OUT-2');
  const { file, fixture } = simpleSend(context, findings);
  for (const fault of faultsFor(context)) {
    await findings.attempt(`${file} with ${fault.what}`, async () =>
      faultProblems(await exerciseFault(context, fixture, fault), fault),
    );
  }
  findings.conclude();
}

/** OUT-4: one `send` is one attempt; whether to try again is the hub's decision. */
export async function checkSingleAttempt(context: Context): Promise<void> {
  const findings = new Findings('OUT-4');
  const { file, fixture } = simpleSend(context, findings);
  for (const fault of faultsFor(context).filter(({ answer }) => answer)) {
    await findings.attempt(`${file} with ${fault.what}`, async () => {
      const { attempts } = (await exerciseFault(context, fixture, fault)).platform;
      return attempts === 1 ? [] : [`made ${attempts} attempts, expected 1`];
    });
  }
  findings.conclude();
}

/** OUT-6: an aborted signal ends every call within a second. */
export async function checkAbort(context: Context): Promise<void> {
  const findings = new Findings('OUT-6');
  for (const { file, fixture } of firstOfEachAbility(context)) {
    await findings.attempt(`${file} aborted while it waits for the answer`, async () =>
      abortProblems(
        await exercise(context, fixture, { script: () => ({ otherwise: { fault: 'timeout' } }) }),
      ),
    );
    await findings.attempt(`${file} aborted before it begins`, async () =>
      abortProblems(await exercise(context, fixture, { aborted: true })),
    );
  }
  findings.conclude();
}

function endProblems(fixture: OutboundFixture, { outcome, config }: Exercised): string[] {
  const { receipt, result, error } = fill(
    { receipt: fixture.receipt, result: fixture.result, error: fixture.error },
    config,
  );
  if (outcome.ended === 'hung') return ['never ended'];
  if (outcome.ended === 'threw') {
    if (!error) return [`threw ${show(outcome.error)}`];
    return [...sendErrorProblems(outcome), ...partialDifferences(error, outcome.error, 'error')];
  }
  if (error) return [`expected the error ${error.code}, returned ${show(outcome.value)}`];
  const name = receipt ? 'receipt' : 'result';
  return differences(receipt ?? result, throughJson(outcome.value), name);
}

function faultProblems({ outcome }: Exercised, fault: Fault): string[] {
  const problems = sendErrorProblems(outcome);
  if (problems.length > 0 || outcome.ended !== 'threw') return problems;
  const error = outcome.error as SendError;
  if (!fault.codes.includes(error.code))
    return [`expected ${fault.codes.join(' or ')}, got ${error.code} (${error.message})`];
  if (error.message.trim() === '') return [`${error.code} has no message that says what to do`];
  return error instanceof RateLimitedError && Number.isFinite(fault.retryAfterMs)
    ? differences(fault.retryAfterMs, error.retryAfterMs, 'retryAfterMs')
    : [];
}

function abortProblems({ outcome, abortTookMs }: Exercised): string[] {
  if (abortTookMs === null) return [];
  if (outcome.ended === 'hung' || abortTookMs > abortLimitMs)
    return ['went on for more than a second after the abort'];
  return outcome.ended === 'threw' ? sendErrorProblems(outcome) : [];
}
