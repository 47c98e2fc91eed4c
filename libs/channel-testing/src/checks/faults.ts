import { SendError } from '@omni-hub/channel-sdk';
import type { Context } from '../context';
import { show } from '../fixtures/compare';
import type { Named, OutboundFixture, PlatformAnswer, PlatformFault } from '../fixtures/fixtures';
import { exercise, type Exercised, type Outcome } from './exercise';
import type { Findings } from '../rules/rule';

/** Something that goes wrong at a send, and the errors that may come of it. */
export interface Fault {
  what: string;
  /** What the platform does at every call; nothing listens at all where it is absent. */
  answer?: PlatformAnswer | PlatformFault;
  codes: readonly string[];
  retryAfterMs?: number;
}

const unreachable = ['UNREACHABLE'];
const ambiguous = ['AMBIGUOUS'];

/** Every fault that a send must tell apart, in the platform's own words where the options give them. */
export function faultsFor({ options: { refusals = {} } }: Context): Fault[] {
  const refusal = (status: 400 | 401 | 500) => ({ status, body: {}, ...refusals[status] });
  const tooMany = { headers: { 'retry-after': '7' }, body: {}, ...refusals[429], status: 429 };
  return [
    { what: 'a refused connection', codes: unreachable },
    // A client cannot tell whether the platform read what it wrote before the reset, so both are honest.
    {
      what: 'a reset before the request was read',
      answer: { fault: 'reset-before' },
      codes: [...unreachable, ...ambiguous],
    },
    { what: 'a reset after the request was read', answer: { fault: 'reset-after' }, codes: ambiguous },
    { what: 'no answer until the abort', answer: { fault: 'timeout' }, codes: ambiguous },
    { what: 'a 200 that is no JSON', answer: { fault: 'garbage' }, codes: ambiguous },
    { what: 'a 200 that breaks off', answer: { fault: 'truncated' }, codes: ambiguous },
    { what: 'a 200 without what was asked for', answer: { status: 200, body: {} }, codes: ambiguous },
    { what: 'a 400', answer: refusal(400), codes: ['REJECTED'] },
    { what: 'a 401', answer: refusal(401), codes: ['UNAUTHORIZED'] },
    {
      what: 'a 429',
      answer: tooMany,
      codes: ['RATE_LIMITED'],
      retryAfterMs: 1_000 * Number(retryAfterOf(tooMany)),
    },
    { what: 'a 500', answer: refusal(500), codes: ambiguous },
    { what: 'a 502', answer: { status: 502, body: '<html>Bad Gateway</html>' }, codes: unreachable },
    { what: 'a 503', answer: { status: 503, body: '<html>Service Unavailable</html>' }, codes: unreachable },
  ];
}

/** Runs a fixture with the fault in the place of every answer. */
export function exerciseFault(context: Context, fixture: OutboundFixture, fault: Fault): Promise<Exercised> {
  const { answer } = fault;
  return exercise(context, fixture, answer ? { script: () => ({ otherwise: answer }) } : { refused: true });
}

/** The first fixture that sends one part with one call and succeeds: what faults are tried on. Fails the rule where there is none. */
export function simpleSend({ outbound }: Context, findings: Findings): Named<OutboundFixture> {
  const simple = outbound.find(
    ({ fixture: { ability, calls, receipt } }) =>
      ability === 'send' && receipt !== undefined && calls.length === 1 && succeeds(calls[0].answer),
  );
  return simple ?? findings.fail('outbound', 'no fixture sends with one call that succeeds');
}

/** For each ability that makes requests, its first fixture. */
export function firstOfEachAbility({ outbound }: Context): Named<OutboundFixture>[] {
  const first = new Map<string, Named<OutboundFixture>>();
  for (const named of outbound) {
    const { ability, calls } = named.fixture;
    if (calls.length > 0 && !first.has(ability)) first.set(ability, named);
  }
  return [...first.values()];
}

/** Why an end is not a failure of the closed list; empty when it is. */
export function sendErrorProblems(outcome: Outcome): string[] {
  if (outcome.ended === 'hung') return ['never ended'];
  if (outcome.ended === 'returned') return [`returned ${show(outcome.value)} instead of throwing`];
  return outcome.error instanceof SendError ? [] : [`threw ${show(outcome.error)}, which is no SendError`];
}

function succeeds(answer: PlatformAnswer | PlatformFault): boolean {
  return 'status' in answer && answer.status >= 200 && answer.status < 300;
}

function retryAfterOf({ headers }: Omit<PlatformAnswer, 'status'>): string | undefined {
  return headers?.['retry-after'];
}
