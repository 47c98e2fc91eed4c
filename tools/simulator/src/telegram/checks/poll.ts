import type { Poll } from '@grammyjs/types';
import { badRequest } from '../errors';
import type { Params } from '../params';

/** A poll: a question of 1 to 300 units and 1 to 12 options of 1 to 100. */
export function checkPoll(params: Params, id: string): Poll {
  const question = params.text('question') ?? '';
  if (question.trim() === '') throw badRequest('poll question must be non-empty');
  if (question.length > 300) throw badRequest('poll question length must not exceed 300');
  const options = params.json<(string | { text: string })[]>('options');
  if (!Array.isArray(options)) throw badRequest("can't parse options JSON object");
  if (options.length < 1) throw badRequest('poll must have at least 1 option');
  if (options.length > 12) throw badRequest("poll can't have more than 12 options");
  return {
    id,
    question,
    options: options.map((option, index) => ({
      ...checkOption(option),
      persistent_id: String(index),
      voter_count: 0,
    })),
    total_voter_count: 0,
    is_closed: false,
    is_anonymous: params.has('is_anonymous') ? params.flag('is_anonymous') : true,
    type: params.text('type') === 'quiz' ? 'quiz' : 'regular',
    allows_multiple_answers: params.flag('allows_multiple_answers'),
  } as Poll;
}

function checkOption(option: string | { text: string }): { text: string } {
  const text = typeof option === 'string' ? option : String(option?.text ?? '');
  if (text.trim() === '') throw badRequest('poll options must be non-empty');
  if (text.length > 100) throw badRequest('poll options length must not exceed 100');
  return { text };
}
